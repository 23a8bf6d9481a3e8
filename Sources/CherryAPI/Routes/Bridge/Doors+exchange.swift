import CherryBridge
import CherryCore
import CherryNet
import CherryVault
import HTTPTypes
import Hummingbird

extension Doors {
    /// Answers a chat request: whole, or as a stream that begins with its first token, so that a refusal has its status.
    ///
    /// What is needed for one part alone lives in a function of its own: a request that waits for its model holds the rest.
    func exchange(at door: any BridgeDoor, _ call: DoorCall) async throws -> Response {
        let asked = try await self.question(at: door, call)
        let abort = RequestAbort()
        var place = KeepingPlace(name: self.cacheName(of: asked.body, at: door, call))
        if let response = try await self.kept(for: asked, &place, abort, at: door, call) { return response }
        let exchange = try await self.streams.run(abort) {
            try await self.gateway.ask(asked.question, for: call.caller, id: call.id)
        }
        let writer = try self.writer(of: exchange, asked, at: door, call)
        if asked.isStreamed { return self.stream(writer, abort, call, keepingIn: place) }
        return try await self.whole(writer, abort, call, keepingIn: place)
    }

    /// Reads a request.
    private func question(at door: any BridgeDoor, _ call: DoorCall) async throws -> DoorQuestion {
        let (body, json) = try await call.request.json()
        if let question = DoorQuestion(body, json, at: door) { return question }
        // Whatever else is wrong with it, the door says that there is no model.
        let request = try door.request(from: json)
        throw BridgeError(.unknownModel, message: "There is no model named \(request.model).")
    }

    /// An answer that was kept, where one may be given; `place` then learns where the next one is to be.
    private func kept(
        for asked: DoorQuestion,
        _ place: inout KeepingPlace,
        _ abort: RequestAbort,
        at door: any BridgeDoor,
        _ call: DoorCall
    ) async throws -> Response? {
        if let name = place.name, let answer = await self.gateway.answers.answer(name) {
            self.gateway.noteCached(call.caller, asked: asked.model)
            return .door(bytes: answer, isStreamed: asked.isStreamed, headers: [.answerCache: "hit"])
        }
        var similar = await self.similarQuestion(in: asked.json, length: asked.body.count, at: door, call)
        defer { place.question = similar }
        guard similar != nil,
            let found = try await self.streams.run(abort, { try await self.answer(like: &similar, call) })
        else { return nil }
        self.gateway.noteCached(call.caller, asked: asked.model)
        let header = SemanticHit.header(similarity: found.similarity)
        return .door(bytes: found.answer, isStreamed: asked.isStreamed, headers: [.answerCache: header])
    }

    private func writer(
        of exchange: Exchange,
        _ asked: DoorQuestion,
        at door: any BridgeDoor,
        _ call: DoorCall
    ) throws -> DoorWriter {
        try DoorWriter(
            exchange,
            asked.question,
            at: door,
            as: { door.exchange(id: call.id, created: self.clock.now.date, for: asked.json) },
            filtersUsage: asked.addsUsage
        )
    }

    /// An answer that is sent once it is whole.
    private func whole(
        _ writer: DoorWriter,
        _ abort: RequestAbort,
        _ call: DoorCall,
        keepingIn place: KeepingPlace
    ) async throws -> Response {
        var writer = writer
        let answer = try await self.streams.run(abort) { try await writer.whole() }
        await self.keep(answer, in: place, call)
        return .door(bytes: answer, isStreamed: false)
    }

    private func cacheName(of body: [UInt8], at door: any BridgeDoor, _ call: DoorCall) -> AnswerCache.Name? {
        guard call.caller.cacheLifetime != nil, call.request.allowsCaches, let token = call.caller.token else {
            return nil
        }
        return self.gateway.answers.name(token: token.id, api: door.api.rawValue, body: body)
    }

    /// An answer that is sent as it comes.
    private func stream(
        _ writer: DoorWriter,
        _ abort: RequestAbort,
        _ call: DoorCall,
        keepingIn place: KeepingPlace
    ) -> Response {
        let body = ResponseBody { output in
            let key = self.streams.enter(abort)
            // A lock that fell between the first token and here found nothing to end.
            if !self.vault.state.isUnlocked { abort.abort() }
            let stream = self.streams.open(call.request.channel, heartbeat: writer.heartbeat)
            var kept = KeptAnswer(isWanted: place.isWanted)
            do {
                try await self.send(writer, stream, &kept, to: &output)
            } catch {
                self.streams.close(stream)
                self.streams.leave(key)
                throw error
            }
            self.streams.close(stream)
            self.streams.leave(key)
            try await output.finish(nil)
            if let answer = kept.answer { await self.keep(answer, in: place, call) }
        }
        return .door(body: body, isStreamed: true)
    }

    /// Sends an answer piece by piece. Nothing is read from the provider before the client has taken what was.
    @concurrent
    private func send(
        _ writer: DoorWriter,
        _ stream: DoorStream,
        _ kept: inout KeptAnswer,
        to output: inout any ResponseBodyWriter
    ) async throws {
        var writer = writer
        var failure: BridgeError?
        while failure == nil {
            let bytes: [UInt8]
            do {
                guard let next = try await writer.next() else { return }
                bytes = next
            } catch let error as BridgeError {
                failure = error
                bytes = writer.fail(error)
            } catch is CancellationError where !self.gateway.isOpen {
                failure = Self.sealed
                bytes = writer.fail(Self.sealed)
            }
            guard !bytes.isEmpty else { continue }
            if failure == nil { kept.add(bytes) } else { kept.spoil() }
            stream.willWrite()
            try await output.write(ByteBuffer(bytes: bytes))
            stream.didWrite(endsEvent: failure != nil || writer.endsEvent)
        }
    }
}

/// A copy of a stream, as long as it is worth keeping.
private struct KeptAnswer {
    private(set) var answer: [UInt8]?

    init(isWanted: Bool) { self.answer = isWanted ? [] : nil }

    mutating func add(_ bytes: [UInt8]) {
        guard let count = self.answer?.count else { return }
        if count + bytes.count > AnswerCache.longestAnswer { self.answer = nil } else { self.answer? += bytes }
    }

    mutating func spoil() { self.answer = nil }
}

extension GatewayCaller {
    /// How long an answer is given again; `nil` for never.
    var cacheLifetime: Duration? { self.token?.cacheSeconds.map { .seconds($0) } }
}

extension JSONValue {
    /// Every text within what the user says in a request of any of the doors.
    var userTexts: [String] {
        var texts: [String] = []
        for key in ["messages", "input", "system", "instructions"] { self[key]?.collectTexts(into: &texts) }
        return texts
    }

    private func collectTexts(into texts: inout [String]) {
        switch self {
        case .string(let text): texts.append(text)
        case .array(let elements): for element in elements { element.collectTexts(into: &texts) }
        case .object(let members): for (_, value) in members { value.collectTexts(into: &texts) }
        case .null, .bool, .integer, .number: break
        }
    }
}
