import CherryCore
import Foundation
import Subprocess
import Synchronization

/// A server that this program starts and speaks with over its standard streams.
///
/// It runs in a session of its own, so that what it starts ends with it; it sees no more of the environment than it
/// was given. What it writes to standard error is read, so that it never waits, and thrown away: it may hold anything.
public final class MCPStdioChannel: MCPChannel {
    /// How to start a server.
    public struct Command: Sendable, Hashable {
        /// A path, or a name to be looked up in `PATH`.
        public var program: String
        public var arguments: [String]
        public var environment: [String: String]

        /// Describes a command.
        public init(program: String, arguments: [String], environment: [String: String]) {
            self.program = program
            self.arguments = arguments
            self.environment = environment
        }
    }

    /// Bytes of one message of the server's.
    private static let messageLimit = 32 << 20
    /// How long a server may take to end after it was asked to.
    private static let grace = Duration.seconds(2)

    /// Becomes the server. No core file of it could hold what it was asked; 126 and 127 say that there is no program.
    private static let shell = #"ulimit -c 0; exec "$0" "$@""#

    private let command: Command
    private let outgoing = AsyncStream.makeStream(of: [UInt8].self)
    private let hasEnded = Mutex(false)

    public var cancelsByClosing: Bool { false }

    /// Creates a channel; nothing is started before `run`.
    public init(_ command: Command) { self.command = command }

    public func send(
        _ message: MCPMessage,
        headers: [(name: String, value: String)],
        _ receive: @escaping @Sendable (MCPMessage) async -> Void
    ) async throws {
        guard !self.hasEnded.withLock({ $0 }) else { throw BridgeError.toolServerEnded }
        self.outgoing.continuation.yield(message.json(nil).bytes + [0x0A])
    }

    public func run(_ receive: @escaping @Sendable (MCPMessage) async -> Void) async throws {
        let group = Mutex<pid_t?>(nil)
        defer {
            self.hasEnded.withLock { $0 = true }
            self.outgoing.continuation.finish()
            // The server is gone; what it started and left behind goes with it.
            if let group = group.withLock({ $0 }) { kill(-group, SIGKILL) }
        }
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = [
            .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: Self.grace),
            .send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: Self.grace),
        ]
        let lines = self.outgoing.stream
        let status: TerminationStatus
        do {
            let result = try await Subprocess.run(
                .name("sh"),
                arguments: Arguments(["-c", Self.shell, self.command.program] + self.command.arguments),
                environment: .custom(
                    Dictionary(
                        uniqueKeysWithValues: self.command.environment.compactMap { name, value in
                            Environment.Key(rawValue: name).map { ($0, value) }
                        }
                    )
                ),
                platformOptions: options,
                input: .inputWriter,
                output: .sequence,
                error: .sequence
            ) { execution in
                group.withLock { $0 = execution.processIdentifier.value }
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { await Self.read(execution.standardOutput, receive) }
                    let drain = Drain(execution.standardError)
                    group.addTask {
                        await drain.run()
                        // Its end says nothing; the end of the output does.
                        try? await Task.sleep(for: .seconds(86_400 * 365))
                    }
                    group.addTask {
                        for await line in lines {
                            // A server that has gone shows by its output's end.
                            guard (try? await execution.standardInputWriter.write(line)) != nil else { break }
                        }
                        try? await Task.sleep(for: .seconds(86_400 * 365))
                    }
                    await group.next()
                    group.cancelAll()
                }
                // Closing its input asks it to end; the sequence above makes it.
                try? await execution.standardInputWriter.finish()
            }
            status = result.terminationStatus
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw Self.cannotStart
        }
        if status == .exited(126) || status == .exited(127) { throw Self.cannotStart }
        throw BridgeError.toolServerEnded
    }

    private static let cannotStart = BridgeError.toolServer(
        .unreachable,
        "The tool server cannot be started.",
        hint: "Check its command: is the program installed, and in PATH?"
    )

    private static func read(
        _ output: SubprocessOutputSequence,
        _ receive: @escaping @Sendable (MCPMessage) async -> Void
    ) async {
        var splitter = MCPLineSplitter(limit: self.messageLimit)
        do {
            for try await buffer in output {
                for piece in splitter.feed(buffer.withUnsafeBytes({ Array($0) })) {
                    // Some servers print other things as well; nothing that is no message is an answer.
                    guard case .line(let line) = piece,
                        let message = try? MCPMessage(reading: line, limit: self.messageLimit)
                    else { continue }
                    await receive(message)
                }
            }
        } catch {
            // Nothing more can be read: that is the end as well.
        }
    }
}

/// Reads and throws away.
private struct Drain: Sendable {
    private let output: SubprocessOutputSequence

    init(_ output: SubprocessOutputSequence) { self.output = output }

    func run() async {
        do {
            for try await _ in self.output {}
        } catch {
            // Nothing more can be read.
        }
    }
}
