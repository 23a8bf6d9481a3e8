import CherryAPI
import CherryCore
import CherryObservability
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle

/// Serves the figures of this process at an address of their own, to whoever shows the token; also while the vault is
/// sealed, since they say nothing of what is in it.
struct MetricsService: Service {
    private let address: ListenAddress
    private let responder: MetricsResponder
    private let logger: Logger
    private let journal = JournalFigures()

    /// - Throws: `SettingsError` when the settings name a token file that cannot be used.
    init(
        _ address: ListenAddress,
        registry: MetricRegistry,
        settings: Settings,
        directory: DataDirectory,
        logger: Logger
    ) throws {
        let source: MetricsTokenFile =
            settings.metricsTokenFile.map { .token(path: $0) } ?? .digest(path: directory.metricsTokenFile)
        if source.load() == nil {
            guard settings.metricsTokenFile == nil else { throw Self.unusable }
            logger.warning("Nobody can read the figures before a token was made with: cherry metrics token")
        }
        self.address = address
        self.responder = MetricsResponder(registry) { source.load() }
        self.logger = logger
        registry.collect { [journal] in journal.current }
    }

    /// Names whose journal has accounts to expose.
    func follow(_ telemetry: Telemetry) {
        // One that cannot be opened has no figures; `cherry doctor` says why.
        self.journal.follow { try? telemetry.journal }
    }

    func run() async throws {
        let responder = self.responder
        let (address, logger, journal) = (self.address, self.logger, self.journal)
        let application = Application(
            responder: CallbackResponder<BasicRequestContext> { request, _ in
                await journal.read()
                return Self.answer(request, responder)
            },
            configuration: ApplicationConfiguration(address: .hostname(address.host, port: address.port)),
            onServerRunning: { _ in
                logger.info("Figures are served.")
            },
            logger: Logger(label: "cherry.metrics") { _ in SwiftLogNoOpLogHandler() }
        )
        do {
            try await application.run()
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw ListenError.portTaken(
                host: address.host,
                port: address.port,
                remedy: "CHERRY_METRICS_ADDRESS=127.0.0.1:\(address.port % 65535 + 1)"
            )
        } catch let error as IOError {
            throw ListenError.refused(host: address.host, port: address.port, code: error.errnoCode)
        }
    }

    private static func answer(_ request: Request, _ responder: MetricsResponder) -> Response {
        let tokens = request.headers[values: .authorization]
        let answer = responder.respond(
            method: request.method.rawValue,
            path: request.uri.path,
            accept: request.headers[values: .accept].joined(separator: ","),
            authorization: tokens.count == 1 ? tokens[0] : nil
        )
        var headers = HTTPFields()
        for (name, value) in answer.headers {
            guard let name = HTTPField.Name(name) else { continue }
            headers[name] = value
        }
        // The head of an answer without a body has the length that it would have.
        let body =
            answer.body.isEmpty ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body))
        return Response(status: .init(code: answer.status), headers: headers, body: body)
    }

    private static let unusable = SettingsError(
        setting: "CHERRY_METRICS_TOKEN_FILE",
        message: "The file that CHERRY_METRICS_TOKEN_FILE names cannot be used.",
        hint:
            "It must be yours alone (chmod 600) and hold one token of at least \(ScrapeToken.minimumLength) characters without spaces."
    )
}
