import CherryCore
import Synchronization

/// Joins a client that speaks over lines to a server that speaks over HTTP. It changes nothing in what the two say.
///
/// Each request is sent as soon as it comes, so answers come as they are ready. A cancelled request of a revision that
/// cancels by closing has its stream closed.
public final class MCPRelay: Sendable {
    private let channel: MCPHTTPChannel
    private let write: @Sendable ([UInt8]) async -> Void
    /// What is under way; finishing a stream ends the request.
    private let running = Mutex<[MCPRequestID: AsyncStream<Void>.Continuation]>([:])

    /// Creates a relay.
    ///
    /// - Parameter write: given one line at a time, its end included, never two at once.
    public init(_ channel: MCPHTTPChannel, write: @escaping @Sendable ([UInt8]) async -> Void) {
        self.channel = channel
        let lane = WriteLane(write)
        self.write = { await lane.write($0) }
    }

    /// How long requests that are under way when the client has gone may take to be answered.
    private static let farewell = Duration.seconds(2)

    /// Hands on what comes until `input` ends, answers what is under way, then ends the session.
    public func run(_ input: some AsyncSequence<[UInt8], Never> & Sendable) async {
        let (ended, end) = AsyncStream.makeStream(of: Void.self)
        await withTaskGroup(of: Void.self) { group in
            // What the server says by itself, until this is cancelled.
            group.addTask { try? await self.channel.run { await self.put($0) } }
            group.addTask {
                await withDiscardingTaskGroup { requests in
                    var splitter = MCPLineSplitter(limit: MCPMessage.limit)
                    for await bytes in input {
                        for piece in splitter.feed(bytes) { await self.take(piece, &requests) }
                    }
                    end.finish()
                }
            }
            group.addTask {
                for await _ in ended {}
                try? await Task.sleep(for: Self.farewell)
            }
            await group.next()
            await self.channel.endSession()
            group.cancelAll()
        }
    }

    private func take(_ piece: MCPLineSplitter.Piece, _ requests: inout DiscardingTaskGroup) async {
        guard let message = await self.read(piece) else { return }
        switch message {
        // Nothing else can be said before this is answered.
        case .request(let id, "initialize", _): await self.forward(message, id)
        case .request(let id, _, _): requests.addTask { await self.forward(message, id) }
        case .notification("notifications/cancelled", let params):
            await self.cancel(message, params["requestId"].flatMap(MCPRequestID.init))
        case .notification, .result, .failure: await self.forward(message)
        }
    }

    private func read(_ piece: MCPLineSplitter.Piece) async -> MCPMessage? {
        do throws(MCPUnreadable) {
            switch piece {
            case .tooLong:
                throw MCPUnreadable(.invalidRequest("The message is larger than \(MCPMessage.limit) bytes."))
            case .line(let line): return try MCPMessage(reading: line)
            }
        } catch {
            await self.put(.failure(id: error.id, error.failure))
            return nil
        }
    }

    private func put(_ message: MCPMessage) async {
        await self.write(message.json(nil).bytes + [0x0A])
    }

    /// Sends a request and writes what comes back, until it is answered or cancelled.
    private func forward(_ message: MCPMessage, _ id: MCPRequestID) async {
        let (ending, continuation) = AsyncStream.makeStream(of: Void.self)
        self.running.withLock { $0[id] = continuation }
        await withDiscardingTaskGroup { group in
            group.addTask {
                do {
                    try await self.channel.send(message, headers: []) { await self.put($0.with(id: id)) }
                } catch is CancellationError {
                    // The client has cancelled it, or has gone: it expects no answer.
                } catch {
                    let failure =
                        (error as? any CherryError).map { MCPFailure($0) }
                        ?? MCPFailure(code: MCPFailure.Code.internalError, message: "The server cannot be reached.")
                    await self.put(.failure(id: id, failure))
                }
                continuation.finish()
            }
            for await _ in ending {}
            group.cancelAll()
        }
        self.running.withLock { _ = $0.removeValue(forKey: id) }
    }

    /// Sends what has no answer. That it did not arrive shows at the next request.
    private func forward(_ message: MCPMessage) async {
        try? await self.channel.send(message, headers: []) { await self.put($0) }
    }

    private func cancel(_ message: MCPMessage, _ id: MCPRequestID?) async {
        let continuation = id.flatMap { id in self.running.withLock { $0[id] } }
        if self.channel.hasSession { await self.forward(message) }
        continuation?.finish()
    }
}

extension MCPMessage {
    /// A refusal that could not say which request it is for, as the answer to the one it came back on.
    fileprivate func with(id: MCPRequestID) -> MCPMessage {
        if case .failure(nil, let failure) = self { .failure(id: id, failure) } else { self }
    }
}

/// Lets one writer at a time through.
private actor WriteLane {
    private let body: @Sendable ([UInt8]) async -> Void
    private var queue: [CheckedContinuation<Void, Never>] = []
    private var isBusy = false

    init(_ body: @escaping @Sendable ([UInt8]) async -> Void) { self.body = body }

    func write(_ bytes: [UInt8]) async {
        if self.isBusy {
            await withCheckedContinuation { self.queue.append($0) }
        }
        self.isBusy = true
        await self.body(bytes)
        if self.queue.isEmpty {
            self.isBusy = false
        } else {
            self.queue.removeFirst().resume()
        }
    }
}
