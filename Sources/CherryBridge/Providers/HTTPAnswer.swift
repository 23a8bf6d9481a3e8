import CherryNet

/// An answer that comes over HTTP: bytes become events, and stay beside them where they are to be passed on.
final class HTTPAnswer: AnswerStream {
    private enum Phase {
        case reading, ended
        /// What came before the fault was given out.
        case failed(any Error)
    }

    /// Dropped with its iterator at the end: that closes a connection over which more would come.
    private var body: ResponseBody?
    private var pieces: ResponseBody.Iterator?
    private var framer: any AnswerFramer
    private var translator: any AnswerTranslator
    private let keepsBytes: Bool
    /// What to say when there is nothing of an answer in the whole body.
    private let wrongKind: (@Sendable () -> BridgeError)?
    private var phase = Phase.reading

    init(
        _ response: IncomingResponse,
        framer: any AnswerFramer,
        translator: any AnswerTranslator,
        keepsBytes: Bool,
        wrongKind: (@Sendable () -> BridgeError)?
    ) {
        self.body = response.body
        self.pieces = response.body.makeAsyncIterator()
        self.framer = framer
        self.translator = translator
        self.keepsBytes = keepsBytes
        self.wrongKind = wrongKind
    }

    func next() async throws -> AnswerPiece? {
        while true {
            switch self.phase {
            case .ended: return nil
            case .failed(let error): throw error
            case .reading: break
            }
            let bytes: [UInt8]?
            do {
                bytes = try await self.pieces?.next()
            } catch let error as NetError {
                guard self.translator.isDone else { return try self.fail(BridgeError(error, hasAnswer: true)) }
                bytes = nil  // what breaks after the provider said that it was done was not missed
            }
            let piece = bytes.map(self.take) ?? self.end()
            if !piece.events.isEmpty || !piece.bytes.isEmpty { return piece }
        }
    }

    private func take(_ bytes: [UInt8]) -> AnswerPiece {
        var piece = AnswerPiece(events: [], bytes: self.keepsBytes ? bytes : [])
        do {
            for event in try self.framer.feed(bytes) {
                piece.events += try self.translator.receive(event)
                piece.streamedEvents += 1
            }
        } catch {
            self.close(as: .failed(error))
            // The fault is told in the door's own words, so what carried it, a provider's error or what makes no sense,
            // is not passed on besides.
            if self.keepsBytes { piece.bytes = Array(bytes.prefix(self.framer.length(ofEvents: piece.streamedEvents))) }
            return piece
        }
        // Bytes are passed on to the last one; of events nothing follows the end.
        if self.translator.isDone, !self.keepsBytes { piece.events += self.finish() }
        return piece
    }

    private func end() -> AnswerPiece {
        var piece = AnswerPiece(events: [])
        do {
            if !self.translator.isDone {
                for event in try self.framer.finish() { piece.events += try self.translator.receive(event) }
            }
        } catch {
            self.close(as: .failed(error))
            return piece
        }
        if !self.translator.hasBegun, let wrongKind {
            self.close(as: .failed(wrongKind()))
        } else {
            piece.events += self.finish()
        }
        return piece
    }

    private func finish() -> [ChatEvent] {
        do {
            let events = try self.translator.finish()
            self.body?.skipRest()
            self.close(as: .ended)
            return events
        } catch {
            self.close(as: .failed(error))
            return []
        }
    }

    private func fail(_ error: any Error) throws -> AnswerPiece? {
        self.close(as: .failed(error))
        throw error
    }

    private func close(as phase: Phase) {
        // Whoever said that it was done is let finish, and the connection serves again; others are to stop.
        if case .ended = phase { self.body?.skipRest() }
        self.phase = phase
        self.pieces = nil
        self.body = nil
    }
}
