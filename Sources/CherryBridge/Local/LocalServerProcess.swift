import CherryCore
import CherryNet
import Foundation
import Subprocess

/// One run of `llama-server`: from its start to its end.
///
/// Between this program and the server stands a small shell that reads a pipe from us. A line asks it to end the server
/// politely; the pipe's closing, which the kernel sees to when we are killed, ends the server by force: no model is left
/// in memory behind our back.
struct LocalServerProcess {
    /// Where a running server is reached.
    struct Endpoint: Sendable, Equatable {
        let port: UInt16
        let apiKey: Secret<String>

        var baseURL: String { "http://127.0.0.1:\(self.port)" }

        /// Whether the server says that it can answer.
        func isHealthy(_ transport: HTTPTransport) async -> Bool {
            let limits = HTTPTransport.Limits(
                firstByte: .seconds(2),
                gap: .seconds(2),
                total: .seconds(4),
                size: 64 * 1024
            )
            let request = OutgoingRequest(.get, self.baseURL + "/health", limits: limits, reach: .anywhere)
            // Refused connections and 503 only mean: not now.
            return (try? await transport.send(request))?.status == 200
        }
    }

    private enum Event {
        case stopRequested, notReady, outputEnded
    }

    /// The shell's part. Its arguments are the seconds between asking and force, then the command.
    ///
    /// Its first line of input is the server's key, which the server reads from a pipe as well: arguments, environments
    /// and files can be seen by others. The server gets no standard input, and no core file of it could hold what it
    /// was asked.
    private static let shell = """
        ulimit -c 0
        grace=$1
        shift
        IFS= read -r key || exit 1
        exec 3<&0
        "$@" --api-key-file /dev/fd/4 4<<KEY </dev/null 3<&- &
        $key
        KEY
        server=$!
        (
            if read -r _ <&3; then
                kill "$server"
                sleep "$grace"
            fi
            kill -9 "$server"
        ) >/dev/null 2>&1 &
        guard=$!
        exec 3<&- </dev/null
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
    /// - Returns: why it ended, in one sentence without what a user wrote.
    func run(
        server: String,
        model: String,
        stop: AsyncStream<Void>,
        becameReady: @escaping @Sendable (Endpoint) -> Void
    ) async throws -> String {
        let endpoint = Endpoint(port: try LoopbackPort.free(), apiKey: Secret(Self.randomKey()))
        let tail = OutputTail()
        var options = PlatformOptions()
        // Its own session: an interrupt typed at our terminal stops us, and we then stop the server in good order.
        options.createSession = true
        let result = try await Subprocess.run(
            .name("sh"),
            arguments: Arguments(self.arguments(server: server, model: model, port: endpoint.port)),
            platformOptions: options,
            input: .inputWriter,
            output: .sequence,
            error: .combinedWithOutput
        ) { execution in
            _ = try await execution.standardInputWriter.write("\(endpoint.apiKey.exposed)\n")
            let event = await withTaskGroup(of: Event.self) { group in
                group.addTask {
                    await Self.drain(execution.standardOutput, into: tail)
                    return .outputEnded
                }
                group.addTask {
                    for await _ in stop {}
                    return .stopRequested
                }
                group.addTask {
                    guard await self.waitForHealth(endpoint) else { return .notReady }
                    tail.seal()
                    becameReady(endpoint)
                    for await _ in stop {}
                    return .stopRequested
                }
                defer { group.cancelAll() }
                return await group.next() ?? .stopRequested
            }
            // One that is gone needs no asking; failing to ask closes the pipe, which ends it as well.
            if event != .outputEnded { _ = try? await execution.standardInputWriter.write("stop\n") }
            return event
        }
        switch result.closureResult {
        case .stopRequested: return "It was stopped."
        case .notReady: return "It was not ready after \(self.configuration.startTimeout.components.seconds) seconds."
        case .outputEnded: return Self.describe(result.terminationStatus, tail.lastLine)
        }
    }

    private func arguments(server: String, model: String, port: UInt16) -> [String] {
        [
            "-c", Self.shell, "sh", "\(max(1, self.configuration.stopGrace.components.seconds))",
            server,
            "--model", model,
            "--host", "127.0.0.1",
            "--port", "\(port)",
            "--ctx-size", "\(self.configuration.contextLength)",
            "--parallel", "1",
            "--threads", "\(self.configuration.threads ?? ProcessInfo.processInfo.activeProcessorCount)",
            "--no-webui",
            "--no-slots",
            "--log-disable",
        ]
    }

    /// Asks for health until it is there, or the time for it is over.
    private func waitForHealth(_ endpoint: Endpoint) async -> Bool {
        let end = ContinuousClock.now + self.configuration.startTimeout
        while ContinuousClock.now < end, !Task.isCancelled {
            if await endpoint.isHealthy(self.transport) { return true }
            try? await Task.sleep(for: .milliseconds(50))  // cancelled: the loop sees it
        }
        return false
    }

    private static func drain(_ output: SubprocessOutputSequence, into tail: OutputTail) async {
        do {
            for try await buffer in output { buffer.withUnsafeBytes { tail.append(Array($0)) } }
        } catch {
            // Nothing more can be read: that is the end as well.
        }
    }

    /// The shell reports a server that a signal ended as 128 and the signal.
    private static func describe(_ status: TerminationStatus, _ lastLine: String?) -> String {
        let reason =
            switch status {
            case .exited(let code) where code > 128: "It was ended by signal \(code - 128)"
            case .exited(let code): "It ended with status \(code)"
            case .signaled(let signal): "It was ended by signal \(signal)"
            }
        return reason + (lastLine.map { ": \($0)" } ?? ".")
    }

    private static func randomKey() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<4).map { _ in String(generator.next(), radix: 36) }.joined()
    }
}
