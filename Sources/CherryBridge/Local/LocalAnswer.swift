/// An answer of the local model. It keeps the model's server running, and asks it once more when the connection was lost
/// before anything arrived.
final class LocalAnswer: AnswerStream {
    typealias Opened = (result: any AnswerStream, lease: LocalModel.Lease)

    private let ask: () async throws -> Opened
    private let report: (LocalModel.Lease) async -> Void
    private var current: Opened?
    private var mayAskAgain = true

    /// - Parameters:
    ///   - ask: asks the server, and reports it by itself when that fails.
    ///   - report: reports a server that lost a connection.
    init(
        ask: @escaping () async throws -> Opened,
        report: @escaping (LocalModel.Lease) async -> Void
    ) {
        self.ask = ask
        self.report = report
    }

    /// Asks the server.
    func open() async throws {
        do {
            self.current = try await self.ask()
        } catch let error as BridgeError where error.isLostConnection && self.mayAskAgain {
            self.mayAskAgain = false
            self.current = try await self.ask()
        }
    }

    func next() async throws -> AnswerPiece? {
        guard let current = self.current else { return nil }
        do {
            let piece = try await current.result.next()
            self.mayAskAgain = false
            if piece == nil { self.current = nil }
            return piece
        } catch let error as BridgeError where error.isLostConnection {
            self.current = nil
            await self.report(current.lease)
            guard self.mayAskAgain else { throw error }
            self.mayAskAgain = false
            self.current = try await self.ask()
            return try await self.next()
        } catch {
            self.current = nil
            throw error
        }
    }
}
