import CherryCore
import CherryNet
import Foundation
import Subprocess

/// One run of `llama-server`: from its start to its end.
///
/// Between this program and the server stands a small shell that holds the read end of a pipe from us. When the pipe
/// closes, because we say so or because we died, it ends the server: no model is left in memory behind our back.
struct LocalServerProcess {
    /// Where a running server is reached.
    struct Endpoint: Sendable, Hashable {
        let port: UInt16
        let apiKey: Secret<String>

        var baseURL: String { "http://127.0.0.1:\(self.port)" }

        static func == (lhs: Self, rhs: Self) -> Bool { lhs.port == rhs.port && lhs.apiKey == rhs.apiKey }
        func hash(into hasher: inout Hasher) { hasher.combine(self.port) }
    }

    /// Ends the server when its standard input closes: politely, and by force after `$1` seconds. The server gets no
    /// standard input, and no core file of it could hold what it was asked.
    private static let watcher = """
        ulimit -c 0
        grace=$1
        shift
        exec 3<&0
        "$@" </dev/null 3<&- &
        server=$!
        (
            read -r _ <&3
            kill "$server"
            sleep "$grace"
            kill -9 "$server"
        ) >/dev/null 2>&1 &
        guard=$!
        exec 3<&-
        wait "$server"
        status=$?
        kill "$guard" 2>/dev/null
        exit "$status"
        """

    let configuration: LocalModel.Configuration
    let transport: HTTPTransport

    /// Runs the server until it ends by itself or `stop` ends.
    ///
    /// - Parameters:
    ///   - stop: ends when the server is to be stopped.
    ///   - becameReady: called once, when the server answers.
    /// - Returns: the last that it printed, without what a user wrote: logging is switched off.
    func run(
        stop: AsyncStream<Void>,
        becameReady: @escaping @Sendable (Endpoint) -> Void
    ) async throws -> String {
        guard let server = self.configuration.server, let model = self.configuration.model else { return "" }
        let endpoint = Endpoint(port: try Self.freePort(), apiKey: Secret(Self.randomKey()))
        let keyFile = try Self.writeKey(endpoint.apiKey)
        // Once the server has read it, or has ended, nobody needs the file; one that is gone is what we want.
        defer { try? FileManager.default.removeItem(at: keyFile) }
        let arguments = [
            "-c", Self.watcher, "sh", "\(max(1, self.configuration.stopGrace.components.seconds))", server,
            "--model", model, "--host", "127.0.0.1", "--port", "\(endpoint.port)",
            "--ctx-size", "\(self.configuration.contextLength)", "--parallel", "1",
            "--threads", "\(self.configuration.threads ?? ProcessInfo.processInfo.activeProcessorCount)",
            "--api-key-file", keyFile.path, "--no-webui", "--no-slots", "--log-disable",
        ]
        return try await Subprocess.run(
            .name("sh"),
            arguments: Arguments(arguments),
            input: .inputWriter,
            output: .sequence,
            error: .combinedWithOutput
        ) { execution in
            await withTaskGroup(of: String?.self) { group in
                group.addTask { await Self.drain(execution.standardOutput) }
                group.addTask {
                    for await _ in stop {}
                    return nil
                }
                group.addTask {
                    if await self.waitForHealth(endpoint) {
                        try? FileManager.default.removeItem(at: keyFile)  // gone already is as good
                        becameReady(endpoint)
                        for await _ in stop {}
                    }
                    return nil
                }
                let tail = await group.next() ?? nil
                group.cancelAll()
                return tail ?? ""
            }
        }.closureResult
    }

    /// Asks for health until it is there, or the time for it is over.
    private func waitForHealth(_ endpoint: Endpoint) async -> Bool {
        let end = ContinuousClock.now + self.configuration.startTimeout
        let limits = HTTPTransport.Limits(
            firstByte: .seconds(2), gap: .seconds(2), total: .seconds(4), size: 64 * 1024)
        while ContinuousClock.now < end, !Task.isCancelled {
            let request = OutgoingRequest(.get, endpoint.baseURL + "/health", limits: limits)
            // Refused connections and 503 only mean: not yet.
            if let answer = try? await self.transport.send(request), answer.status == 200 { return true }
            try? await Task.sleep(for: .milliseconds(50))  // cancelled: the loop sees it
        }
        return false
    }

    /// Reads to the end and keeps the last two kilobytes.
    private static func drain(_ output: SubprocessOutputSequence) async -> String {
        var tail: [UInt8] = []
        do {
            for try await buffer in output {
                buffer.withUnsafeBytes { tail += $0 }
                if tail.count > 4096 { tail.removeFirst(tail.count - 2048) }
            }
        } catch {
            // Nothing more can be read: that is the end as well.
        }
        return String(decoding: tail.suffix(2048), as: UTF8.self)
    }

    /// A port that was free a moment ago. Should another program take it, the server ends and is tried with a new one.
    private static func freePort() throws -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard descriptor >= 0, isBound else {
            throw BridgeError(.localModelFailed, message: "No free port on the loopback interface was found.")
        }
        return UInt16(bigEndian: address.sin_port)
    }

    private static func randomKey() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<4).map { _ in String(generator.next(), radix: 36) }.joined()
    }

    /// A file that only this user can read: arguments and environments can be seen by others.
    private static func writeKey(_ key: Secret<String>) throws -> URL {
        let file = FileManager.default.temporaryDirectory.appending(path: "cherry-\(RecordID.make())")
        guard
            FileManager.default.createFile(
                atPath: file.path, contents: Data(key.exposed.utf8), attributes: [.posixPermissions: 0o600])
        else {
            throw BridgeError(
                .localModelFailed,
                message: "No file can be written in \(FileManager.default.temporaryDirectory.path).",
                hint: "Free some space there."
            )
        }
        return file
    }
}
