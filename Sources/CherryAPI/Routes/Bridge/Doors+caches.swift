import CherryBridge
import CherryCore
import CherryNet
import HTTPTypes
import HummingbirdCore

extension Doors {
    /// What the semantic cache is to be asked; `nil` when it has no say in this request.
    func similarQuestion(
        in json: JSONValue,
        length: Int,
        at door: any BridgeDoor,
        _ call: DoorCall
    ) async -> SemanticQuestion? {
        guard call.caller.token?.semanticCache != nil, call.request.allowsCaches else { return nil }
        return await self.gateway.semanticQuestion(in: json, length: length, of: door.api, for: call.caller)
    }

    /// The kept answer to a question that says the same.
    func answer(
        like question: inout SemanticQuestion?,
        _ call: DoorCall
    ) async throws -> (answer: [UInt8], similarity: Double)? {
        guard var known = question else { return nil }
        // What was learnt of it is of use again when its own answer is kept.
        defer { question = known }
        return try await self.gateway.semanticAnswer(to: &known, for: call.caller)
    }

    /// Keeps a whole answer where it is wanted.
    func keep(_ answer: [UInt8], in place: KeepingPlace, _ call: DoorCall) async {
        if let name = place.name, let lifetime = call.caller.cacheLifetime {
            await self.gateway.answers.keep(answer, as: name, for: lifetime)
        }
        guard let question = place.question else { return }
        // A client that has gone, or a lock, ends the comparing; the answer is then not kept.
        try? await self.streams.run(RequestAbort()) {
            try await self.gateway.keepSemantic(answer, to: question, for: call.caller)
        }
    }
}

/// Where an answer is kept.
struct KeepingPlace: Sendable {
    var name: AnswerCache.Name?
    var question: SemanticQuestion?

    var isWanted: Bool { self.name != nil || self.question != nil }
}

/// How an answer of the semantic cache is marked.
enum SemanticHit {
    /// A token of RFC 8941 with the similarity as a parameter, cut after three places.
    static func header(similarity: Double) -> String {
        let thousandths = Int((similarity * 1000).rounded(.down))
        let places = String(1000 + thousandths % 1000).dropFirst()
        return "semantic; similarity=\(thousandths / 1000).\(places)"
    }
}
