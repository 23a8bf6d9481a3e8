import CherryCore

/// Carries what proves a piece of reasoning, or a call, in the one opaque text that an API has for it.
///
/// A proof that fits the API's own field stands there as it is. Anything else is marked and written as JSON, so that it
/// comes back from the tool as it was, whichever provider it is from.
enum ProofText {
    private static let mark = "bridge:"

    /// A call's proof, for APIs whose calls have no field for it.
    struct CallProof: Hashable {
        var callID: String
        var signature: String
    }

    /// What a text turned out to be.
    enum Content {
        /// As the provider wrote it.
        case plain(String)
        case reasoning(Reasoning)
        case call(CallProof)
    }

    /// The text for `proof`; `field` is what may stand there as it is, if anything.
    static func text(for proof: Reasoning, plain field: KeyPath<Reasoning, String?>?) -> String? {
        let all = [proof.signature, proof.encrypted, proof.id]
        if let field, let own = proof[keyPath: field], all.compactMap({ $0 }).count == 1, !own.hasPrefix(Self.mark) {
            return own
        }
        guard all.contains(where: { $0 != nil }) else { return nil }
        var value: JSONValue = [:]
        value["signature"] = proof.signature.map { .string($0) }
        value["encrypted"] = proof.encrypted.map { .string($0) }
        value["id"] = proof.id.map { .string($0) }
        return Self.mark + value.text
    }

    static func text(for proof: CallProof) -> String {
        Self.mark + (["call": .string(proof.callID), "signature": .string(proof.signature)] as JSONValue).text
    }

    static func read(_ text: String) -> Content {
        // A text that only looks like one of these is the provider's.
        guard text.hasPrefix(Self.mark), let value = try? JSONValue(parsing: String(text.dropFirst(Self.mark.count)))
        else { return .plain(text) }
        if let call = value["call"]?.string, let signature = value["signature"]?.string {
            return .call(CallProof(callID: call, signature: signature))
        }
        return .reasoning(
            Reasoning(
                text: "",
                signature: value["signature"]?.string,
                encrypted: value["encrypted"]?.string,
                id: value["id"]?.string
            )
        )
    }
}

extension [ContentPart] {
    /// Gives the call that `proof` names its signature back; nothing when there is no such call.
    mutating func apply(_ proof: ProofText.CallProof) {
        for place in self.indices {
            guard case .toolCall(var call) = self[place], call.id == proof.callID else { continue }
            call.signature = proof.signature
            self[place] = .toolCall(call)
        }
    }
}
