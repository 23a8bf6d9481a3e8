import CherryAPI
import CherryAssistant
import CherryBridge
public import CherryCore
import CherryMemory
import CherryNet
import CherryObservability
import CherryStore
import CherryStoreSQLite
import CherryVault
import Foundation
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import Metrics
import NIOCore
import NIOSSL
import ServiceLifecycle
import UnixSignals

/// The program's version.
public let version = "0.1.0"

/// Everything in one process: settings become services, and services become one group.
public struct CherryServer: Sendable {
    private let settings: Settings
    private let logger: Logger
    private let log: LogRecorder

    /// Prepares a server; nothing is opened before `run`.
    public init(_ settings: Settings) {
        self.settings = settings
        let log = LogRecorder(
            output: LineOutput(file: STDERR_FILENO),
            isJSON: settings.logFormat.isJSON(onTerminal: isatty(STDERR_FILENO) == 1),
            role: "all"
        )
        self.log = log
        var logger = Logger(label: "cherry") { log.handler(label: $0) }
        logger.logLevel = Logger.Level(rawValue: settings.logLevel) ?? .info
        self.logger = logger
    }

    /// Has a crash written down in a data directory, for the next start to tell of where reports are wanted.
    ///
    /// The process may begin anew for it, so nothing must have been opened or started.
    public static func recordCrashes(in dataDirectory: String) {
        let log = RunFiles(folder: DataDirectory.runFolder(in: dataDirectory)).crashLog
        CrashRecorder.begin(log: log, helper: CrashRecorder.installedHelper)
    }

    /// Serves until SIGTERM or SIGINT.
    ///
    /// - Parameter whenReady: called with the address once the server accepts connections.
    /// - Throws: `DataDirectoryError`, `StoreError`, `VaultError`, `SettingsError` or `ListenError`: all before anything
    ///   is served.
    public func run(whenReady: @escaping @Sendable (String) async throws -> Void) async throws {
        try await self.serve(whenReady: whenReady, endsWhenReady: false)
    }

    /// Serves for as long as `body` runs.
    public func runWhile(_ body: @escaping @Sendable (String) async throws -> Void) async throws {
        try await self.serve(whenReady: body, endsWhenReady: true)
    }

    private func serve(
        whenReady: @escaping @Sendable (String) async throws -> Void,
        endsWhenReady: Bool
    ) async throws {
        defer { self.log.flush() }
        OpenFiles.allowAsManyAsPossible()
        ProcessMemory.configure()
        let directory = try DataDirectory(path: self.settings.dataDirectory)
        let registry = MetricRegistry.forServer()
        let metrics = try self.settings.metricsAddress.map { address in
            try MetricsService(
                address,
                registry: registry,
                settings: self.settings,
                directory: directory,
                logger: self.logger
            )
        }
        let parts = try withMetricsFactory(registry) {
            try Parts(
                settings: self.settings,
                directory: directory,
                logger: self.logger,
                logs: self.log,
                registry: registry
            )
        }
        registry.collect(from: parts)
        metrics?.follow(parts.telemetry)
        let ready = ReadySignal()
        let application = try self.application(parts, ready: ready)
        let visitor = Visitor(ready: ready, directory: directory, settings: self.settings, body: whenReady)
        var services: [ServiceGroupConfiguration.ServiceConfiguration] = [
            .init(service: parts.telemetry),
            .init(service: parts.figures),
            .init(service: parts.localModel),
            .init(service: parts.usage),
            .init(service: parts.tools),
            .init(service: parts.assistant),
            .init(service: parts.feed),
            .init(service: parts.keeper),
            .init(service: parts.api),
            .init(service: SignalLock(vault: parts.vault, usage: parts.usage)),
            .init(service: application),
            .init(
                service: visitor,
                successTerminationBehavior: endsWhenReady ? .gracefullyShutdownGroup : .ignore,
                failureTerminationBehavior: .gracefullyShutdownGroup
            ),
        ]
        if let metrics { services.insert(.init(service: metrics), at: 0) }
        var configuration = ServiceGroupConfiguration(
            services: services,
            gracefulShutdownSignals: endsWhenReady ? [] : [.sigterm, .sigint],
            logger: Logger(label: "cherry.services") { _ in SwiftLogNoOpLogHandler() }
        )
        // Streams end by themselves within moments; whatever does not must not keep the process.
        configuration.maximumGracefulShutdownDuration = .seconds(10)
        do {
            try await ServiceGroup(configuration: configuration).run()
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw ListenError.portTaken(host: self.settings.host, port: self.settings.port)
        } catch let error as IOError where error.errnoCode == EACCES || error.errnoCode == EADDRNOTAVAIL {
            throw ListenError.refused(host: self.settings.host, port: self.settings.port, code: error.errnoCode)
        }
        parts.vault.lock()
        await parts.transport.shutdown()
        withExtendedLifetime(directory) {}
    }

    private func application(_ parts: Parts, ready: ReadySignal) throws -> some ApplicationProtocol {
        Application(
            responder: parts.api.makeResponder(),
            server: try self.serverBuilder(parts.api),
            configuration: ApplicationConfiguration(
                address: .hostname(self.settings.host, port: self.settings.port)
            ),
            onServerRunning: { channel in ready.fire(port: channel.localAddress?.port ?? 0) },
            logger: self.logger
        )
    }

    private func serverBuilder(_ api: APIServer) throws -> HTTPServerBuilder {
        let plain = api.makeServer()
        guard let certificate = self.settings.tlsCertificate, let key = self.settings.tlsKey else { return plain }
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(certificate).map { NIOSSLCertificateSource.certificate($0) }
            let privateKey = try NIOSSLPrivateKey(file: key, format: .pem)
            return try .tls(
                plain,
                tlsConfiguration: .makeServerConfiguration(
                    certificateChain: chain,
                    privateKey: .privateKey(privateKey)
                )
            )
        } catch {
            throw SettingsError(
                setting: "CHERRY_TLS_CERTIFICATE",
                message: "The TLS certificate or its key cannot be read.",
                hint: "Both must be PEM files that this user can read, and belong together."
            )
        }
    }
}

/// Why the server cannot listen.
public struct ListenError: CherryError {
    public let codeName: String
    public let message: String
    public let hint: String?

    static func portTaken(host: String, port: Int, remedy: String? = nil) -> Self {
        Self(
            codeName: "unavailable",
            message: "Port \(port) on \(host) is taken by another program.",
            hint: "Stop that program, or choose another port: \(remedy ?? "CHERRY_PORT=\(port + 1)")"
        )
    }

    static func refused(host: String, port: Int, code: Int32) -> Self {
        Self(
            codeName: "unavailable",
            message: "The server may not listen on \(host), port \(port): \(String(cString: strerror(code))).",
            hint: "Choose an address of this machine and a port from 1024 on."
        )
    }
}
