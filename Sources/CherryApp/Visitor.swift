import CherryAssistant
import CherryVault
import Foundation
import ServiceLifecycle
import UnixSignals

/// Tells once that the server accepts connections, and on which port.
final class ReadySignal: Sendable {
    private let ports = AsyncStream.makeStream(of: Int.self)

    func fire(port: Int) {
        self.ports.continuation.yield(port)
        self.ports.continuation.finish()
    }

    func wait() async -> Int? {
        for await port in self.ports.stream.cancelOnGracefulShutdown() { return port }
        return nil
    }
}

/// Announces the server in its data directory as soon as it answers, and hands its address on.
struct Visitor: Service {
    let ready: ReadySignal
    let directory: DataDirectory
    let settings: Settings
    let body: @Sendable (String) async throws -> Void

    func run() async throws {
        guard let port = await self.ready.wait() else { return }
        let scheme = self.settings.tlsCertificate == nil ? "http" : "https"
        let host =
            switch self.settings.host {
            case "0.0.0.0": "127.0.0.1"
            case "::": "[::1]"
            case let host where host.contains(":"): "[\(host)]"
            default: self.settings.host
            }
        let address = "\(scheme)://\(host):\(port)"
        try self.directory.announce(
            RunningServer(processID: ProcessInfo.processInfo.processIdentifier, address: address)
        )
        ProcessMemory.giveBack()
        try await self.body(address)
    }
}

/// Locks the vault on SIGUSR1, which only its owner may send: the command line's way to lock without a log-in.
struct SignalLock: Service {
    let vault: Vault
    let usage: UsageBook

    func run() async {
        for await _ in await UnixSignalsSequence(trapping: .sigusr1).cancelOnGracefulShutdown() {
            await self.usage.flush()
            self.vault.lock()
        }
    }
}
