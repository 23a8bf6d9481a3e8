import CherryCore
import CherryNet
import Foundation

@testable import CherryBridge

/// What a provider says otherwise than in an answer: refusals, lists of models, vectors, counts.
func fuzzRefusal(_ dialect: any ProviderDialect, _ input: inout FuzzInput) {
    let status = 300 + Int(input.byte())
    let types = ["application/json", "text/html", nil]
    let type = types[input.choice(of: types.count)]
    let wait = input.line().map { String(decoding: $0, as: UTF8.self) }
    let bytes = input.bytes
    let key = Secret("the-secret-key")
    let error = ProviderErrors(key: key, userTexts: ["what the user said"])
        .error(status: status, contentType: type, body: bytes, retryAfter: wait)
    expect(!error.message.contains("the-secret-key"), "a refusal shows the key")
    for door in fuzzedDoors {
        let refusal = door.refusal(error, id: "x")
        expect((400...599).contains(refusal.status), "\(door.api) refuses with \(refusal.status)")
        expect((0...86_400).contains(refusal.retryAfter?.components.seconds ?? 0), "a wait without end")
        _ = readBack(refusal.body.bytes, "a refusal of \(door.api)")
    }
    let request = ChatRequest(model: "m", messages: [ChatMessage(.user, "Hi")], maxTokens: 5)
    if let outgoing = refusing({ try dialect.chatRequest(request, to: fuzzedEndpoint(of: dialect)) }) {
        let other = dialect.alternative(to: outgoing, status: status, body: bytes)
        if let other { _ = readBack(other.body ?? [], "another request of \(dialect.name)") }
    }
    // Whatever they throw stands for an answer that is none.
    _ = try? dialect.models(from: bytes)
    _ = try? dialect.tokenCount(from: bytes)
    let texts = EmbeddingsRequest(model: "m", texts: ["a", "b"])
    guard let vectors = try? dialect.embeddings(from: bytes, for: texts) else { return }
    for isBase64 in [true, false] {
        let call = EmbeddingsDoor.Call(request: texts, isBase64: isBase64)
        _ = readBack(EmbeddingsDoor().answer(vectors, to: call, model: "m").bytes, "vectors")
    }
}
