import CherryNet

/// One connection to a server of the forward protocol. Of no use any more once something was thrown.
struct FluentSession: Sendable {
    private let connection: SocketConnection
    private var reader = MessagePackReader()
    /// The chunk that was acknowledged last: a server may say so twice.
    private var acknowledged: String?
    /// Whether the server lets more chunks follow.
    private(set) var keepsAlive = true

    init(_ connection: SocketConnection) {
        self.connection = connection
    }

    /// Goes through the greeting of servers that demand a shared key.
    ///
    /// - Parameter time: for each message.
    /// - Throws: `FluentFailure`, `NetError`, `CancellationError`.
    mutating func greet(_ identity: FluentHandshake.Identity, salt: [UInt8], within time: Duration) async throws {
        var handshake = FluentHandshake(identity, salt: salt)
        while true {
            let message = try await self.message(within: time)
            let step: FluentHandshake.Step
            do {
                step = try handshake.received(message)
            } catch {
                throw FluentFailure.handshake(error)
            }
            switch step {
            case .send(let bytes): try await self.connection.send(bytes, within: time)
            case .done(let keepsAlive):
                self.keepsAlive = keepsAlive
                return
            }
        }
    }

    /// Sends a chunk and returns when it was acknowledged.
    ///
    /// - Throws: `FluentFailure`, `NetError`, `CancellationError`.
    mutating func deliver(_ chunk: FluentChunk, within time: Duration) async throws {
        try await self.connection.send(chunk.bytes, within: time)
        let end = ContinuousClock.now + time
        while true {
            let left = end - .now
            guard left > .zero else { throw FluentFailure.noAcknowledgement }
            let message: MessagePackValue
            do {
                message = try await self.message(within: left)
            } catch let error as NetError where error.code == .stalled {
                throw FluentFailure.noAcknowledgement
            }
            guard let id = message["ack"]?.text else {
                throw message.array?.first?.text == "HELO" ? FluentFailure.keyNeeded : FluentFailure.garbled
            }
            if id == chunk.id {
                self.acknowledged = id
                return
            }
            guard id == self.acknowledged else { throw FluentFailure.garbled }
        }
    }

    private mutating func message(within time: Duration) async throws -> MessagePackValue {
        let end = ContinuousClock.now + time
        while true {
            do {
                if let message = try self.reader.next() { return message }
            } catch {
                throw FluentFailure.garbled
            }
            guard let bytes = try await self.connection.receive(within: end - .now) else { throw FluentFailure.closed }
            self.reader.append(bytes)
        }
    }
}
