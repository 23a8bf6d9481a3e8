public import CherryCore
import Synchronization

/// Speaks with one server: settles a revision, lists its tools and calls them.
///
/// Works while `run()` runs. Every wait has an end: the time-out of a call, or the end of the server.
public final class MCPClient: Sendable {
    /// How a conversation stands.
    private enum Standing {
        case beginning
        case ready(MCPClientStateMachine.Peer)
        case failed(BridgeError)
    }

    private struct State {
        var machine: MCPClientStateMachine
        var standing = Standing.beginning
        var answers: [Int64: AsyncStream<Result<JSONObject, any Error>>.Continuation] = [:]
        var readers: [AsyncStream<Void>.Continuation] = []
        var toolsVersion = 0
    }

    /// Tools of one server that are read at most, and pages of their list.
    private static let toolLimit = 500
    private static let pageLimit = 20

    private let channel: any MCPChannel
    private let patience: Duration
    private let probePatience: Duration
    private let state: Mutex<State>

    /// Creates a client.
    ///
    /// - Parameters:
    ///   - version: the program's version.
    ///   - patience: how long beginning, listing, and a call by default may take.
    ///   - probePatience: how long a server may be silent about the first question before it is asked as an older one.
    public init(
        _ channel: any MCPChannel,
        version: String,
        patience: Duration = .seconds(60),
        probePatience: Duration = .seconds(5)
    ) {
        self.channel = channel
        self.patience = patience
        self.probePatience = probePatience
        self.state = Mutex(
            State(
                machine: MCPClientStateMachine(
                    client: MCPImplementation(name: "cherry", title: "Cherry", version: version),
                    cancelsByClosing: channel.cancelsByClosing
                )
            )
        )
    }

    /// Keeps the conversation until the server ends it or the task is cancelled.
    public func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.begin() }
            do {
                try await self.channel.run { await self.receive($0) }
                self.end(.toolServerEnded)
            } catch {
                self.end((error as? BridgeError) ?? .toolServerEnded)
            }
            group.cancelAll()
        }
    }

    /// Grows each time the server says that its tools have changed.
    public var toolsVersion: Int { self.state.withLock { $0.toolsVersion } }

    /// Whether the conversation has come to its end.
    public var hasEnded: Bool {
        self.state.withLock { if case .failed = $0.standing { true } else { false } }
    }

    // MARK: Beginning and end

    private func begin() async {
        let actions = self.state.withLock { $0.machine.handle(.start) }
        await withDiscardingTaskGroup { group in
            group.addTask { await self.carryOut(actions) }
            group.addTask {
                guard (try? await Task.sleep(for: self.probePatience)) != nil else { return }
                await self.carryOut(self.state.withLock { $0.machine.handle(.probeTimedOut) })
            }
            // Ready or not, the beginning is over.
            _ = try? await self.peer()
            group.cancelAll()
        }
    }

    private func end(_ error: BridgeError) {
        let (answers, readers) = self.state.withLock { state in
            _ = state.machine.handle(.closed)
            if case .failed = state.standing {} else { state.standing = .failed(error) }
            defer {
                state.answers = [:]
                state.readers = []
            }
            return (Array(state.answers.values), state.readers)
        }
        for answer in answers {
            answer.yield(.failure(error))
            answer.finish()
        }
        for reader in readers { reader.finish() }
    }

    /// The server, once the conversation is ready.
    ///
    /// - Throws: `BridgeError` when it does not become so.
    public func peer() async throws -> MCPClientStateMachine.Peer {
        while true {
            let (ended, continuation) = AsyncStream.makeStream(of: Void.self)
            let standing = self.state.withLock { state in
                if case .beginning = state.standing { state.readers.append(continuation) }
                return state.standing
            }
            switch standing {
            case .ready(let peer): return peer
            case .failed(let error): throw error
            case .beginning:
                for await _ in ended {}
                try Task.checkCancellation()
            }
        }
    }

    // MARK: Questions

    /// The server's tools, in its order.
    ///
    /// - Throws: `BridgeError`, or `CancellationError`.
    public func tools() async throws -> [MCPRemoteTool] {
        try await self.within(self.patience) {
            guard try await self.peer().hasTools else { return [] }
            var tools: [MCPRemoteTool] = []
            var names: Set<String> = []
            var cursor: JSONValue?
            for _ in 0..<Self.pageLimit {
                var params: JSONObject = [:]
                params["cursor"] = cursor
                let result = try await self.ask("tools/list", params)
                for item in result["tools"]?.array ?? [] {
                    guard let tool = MCPRemoteTool(item, hasHeaders: self.channel.cancelsByClosing),
                        tools.count < Self.toolLimit, names.insert(tool.name).inserted
                    else { continue }
                    tools.append(tool)
                }
                cursor = result["nextCursor"].flatMap { $0.string == nil ? nil : $0 }
                guard cursor != nil else { break }
            }
            return tools
        }
    }

    /// Calls a tool.
    ///
    /// Cancelling the task, or running out of time, tells the server that nobody waits any more.
    ///
    /// - Throws: `BridgeError`: `timedOut`, `cutOff` and others; `refused` when the server answers with an error of the
    ///   protocol. `CancellationError`.
    public func call(
        _ tool: MCPRemoteTool,
        _ arguments: JSONObject,
        patience: Duration? = nil
    ) async throws -> MCPToolAnswer {
        let headers = MCPParameterHeaders(tool.input)?.headers(for: arguments) ?? []
        return try await self.within(patience ?? self.patience) {
            let params: JSONObject = ["name": .string(tool.name), "arguments": .object(arguments)]
            _ = try await self.peer()
            return MCPToolAnswer(try await self.ask("tools/call", params, headers: headers))
        }
    }

    private func ask(
        _ method: String,
        _ params: JSONObject,
        headers: [(name: String, value: String)] = []
    ) async throws -> JSONObject {
        let (stream, continuation) = AsyncStream.makeStream(of: Result<JSONObject, any Error>.self)
        let call = self.state.withLock { state in
            let call = state.machine.call(method, params)
            if let call { state.answers[call.id] = continuation }
            return call
        }
        guard let (id, message) = call else { throw BridgeError.toolServerEnded }
        let extra = self.state.withLock { $0.machine.version?.isStateless } == true ? headers : []
        return try await withThrowingTaskGroup(of: JSONObject?.self) { group in
            group.addTask {
                do {
                    try await self.channel.send(message, headers: extra) { await self.receive($0) }
                } catch {
                    continuation.yield(.failure(error))
                    continuation.finish()
                }
                return nil
            }
            group.addTask {
                for await answer in stream { return try answer.get() }
                throw CancellationError()
            }
            do {
                while let answer = try await group.next() {
                    guard let answer else { continue }
                    group.cancelAll()
                    return answer
                }
                throw BridgeError.toolServerEnded
            } catch {
                group.cancelAll()
                await self.abandon(id)
                throw error
            }
        }
    }

    private func abandon(_ id: Int64) async {
        let actions = self.state.withLock { state in
            state.answers[id] = nil
            return state.machine.handle(.abandoned(id))
        }
        await self.carryOut(actions)
    }

    private func within<Value: Sendable>(
        _ patience: Duration,
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await Task.sleep(for: patience)
                throw BridgeError.toolServer(
                    .timedOut,
                    "The tool did not answer within \(patience.components.seconds) seconds.",
                    hint: "Try again, or give the server more time in the settings."
                )
            }
            defer { group.cancelAll() }
            guard let value = try await group.next() else { throw CancellationError() }
            return value
        }
    }

    // MARK: Messages

    private func receive(_ message: MCPMessage) async {
        await self.carryOut(self.state.withLock { $0.machine.handle(.received(message)) })
    }

    private func carryOut(_ actions: [MCPClientStateMachine.Action]) async {
        for action in actions {
            switch action {
            case .send(let message):
                do {
                    try await self.channel.send(message, headers: []) { await self.receive($0) }
                } catch let error as BridgeError {
                    // What answers nobody's question may be lost; the beginning may not.
                    if case .request = message { self.end(error) }
                } catch {
                    continue  // cancelled
                }
            case .connected(let peer): self.settle(.ready(peer))
            case .refused(let failure): self.settle(.failed(Self.refusal(failure)))
            case .answer(let id, let result):
                let continuation = self.state.withLock { $0.answers.removeValue(forKey: id) }
                continuation?.yield(result.mapError { Self.refusal($0) })
                continuation?.finish()
            case .lost, .progress: break
            case .toolsChanged: self.state.withLock { $0.toolsVersion += 1 }
            }
        }
    }

    private func settle(_ standing: Standing) {
        let readers = self.state.withLock { state in
            guard case .beginning = state.standing else { return [AsyncStream<Void>.Continuation]() }
            state.standing = standing
            defer { state.readers = [] }
            return state.readers
        }
        for reader in readers { reader.finish() }
    }

    private static func refusal(_ failure: MCPFailure) -> BridgeError {
        switch failure.code {
        case MCPFailure.Code.unsupportedVersion:
            .toolServer(.unsupported, "The tool server speaks no revision of the protocol that this program knows.")
        case MCPFailure.Code.missingClientCapability:
            .toolServer(.unsupported, "The tool asks for more input than this program can give.")
        case MCPFailure.Code.invalidParams: .toolServer(.refused, "The tool server refused the call's arguments.")
        case 401, 403: .toolServer(.unauthorized, "The tool server does not accept the token.", hint: "Enter it again.")
        case 404:
            .toolServer(.refused, "There is no tool server at that address.", hint: "It often ends with /mcp.")
        default: .toolServer(.refused, "The tool server answered with error \(failure.code).")
        }
    }
}
