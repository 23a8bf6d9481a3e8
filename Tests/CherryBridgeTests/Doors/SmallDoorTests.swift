import CherryBridge
import CherryCore
import Foundation
import Testing

@Suite("Doors: embeddings and lists of models")
struct SmallDoorTests {
    let embeddings = EmbeddingsDoor()
    let models = ModelListDoor()

    private func call(_ text: String) throws -> EmbeddingsDoor.Call { try self.embeddings.call(from: doorJSON(text)) }

    @Test("One text or several, with the wishes about them")
    func embeddingRequests() throws {
        let one = try self.call(#"{"model":"e","input":"a","user":"u"}"#)
        #expect(one.request == EmbeddingsRequest(model: "e", texts: ["a"]))
        #expect(!one.isBase64)
        let two = try self.call(#"{"model":"e","input":["a","b"],"dimensions":3,"encoding_format":"base64"}"#)
        #expect(two.request == EmbeddingsRequest(model: "e", texts: ["a", "b"], dimensions: 3))
        #expect(two.isBase64)
    }

    @Test(
        "What is no text is refused by its path",
        arguments: [
            (#"{"model":"e","input":[1,2]}"#, "input[0]", BridgeError.Code.unsupported),
            (#"{"model":"e","input":["a",[1]]}"#, "input[1]", .unsupported),
            (#"{"model":"e","input":[]}"#, "input", .invalid), (#"{"model":"e"}"#, "input", .invalid),
            (#"{"model":"e","input":[true]}"#, "input[0]", .invalid), (#"{"input":"a"}"#, "model", .invalid),
            (#"{"model":"e","input":"a","encoding_format":"hex"}"#, "encoding_format", .invalid),
            (#"{"model":"e","input":"a","truncate":true}"#, "truncate", .invalid),
            (#"{"model":"e","input":"a","dimensions":0}"#, "dimensions", .invalid),
        ]
    )
    func embeddingRefusals(body: String, field: String, code: BridgeError.Code) throws {
        let error = try #require(throws: BridgeError.self) { try self.call(body) }
        #expect(error.field == field)
        #expect(error.code == code)
        #expect(self.embeddings.refusal(error).status == 400)
    }

    @Test("Vectors are written as numbers or as base64, the least significant byte first")
    func embeddingAnswers() throws {
        let vectors = Embeddings(vectors: [[0.1, -2], [1, 0.5]], promptTokens: 7)
        let numbers = self.embeddings.answer(
            vectors,
            to: try self.call(#"{"model":"e","input":["a","b"]}"#),
            model: "x"
        )
        #expect(
            numbers.text
                == #"{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.1,-2.0]},{"object":"embedding","index":1,"embedding":[1.0,0.5]}],"model":"x","usage":{"prompt_tokens":7,"total_tokens":7}}"#
        )
        let call = try self.call(#"{"model":"e","input":["a","b"],"encoding_format":"base64"}"#)
        let coded = self.embeddings.answer(vectors, to: call, model: "x")["data"]?.array?[1]["embedding"]?.string
        #expect(Data(base64Encoded: coded ?? "") == Data([0, 0, 0x80, 0x3F, 0, 0, 0, 0x3F]))
    }

    private static let entries = [
        ModelListDoor.Entry(id: "fast", created: Date(timeIntervalSince1970: 1_700_000_000), owner: "alias"),
        ModelListDoor.Entry(id: "m2", owner: "Somebody", contextLength: 8),
        ModelListDoor.Entry(id: "m3", owner: "Somebody"),
    ]

    @Test("Models in OpenAI's form")
    func openAI() {
        #expect(
            self.models.openAI(Array(Self.entries.prefix(2))).text
                == #"{"object":"list","data":[{"id":"fast","object":"model","created":1700000000,"owned_by":"alias"},{"id":"m2","object":"model","created":0,"owned_by":"Somebody","context_length":8}]}"#
        )
    }

    @Test("Models in Anthropic's form")
    func anthropic() {
        #expect(
            self.models.anthropic(Array(Self.entries.prefix(2))).text
                == #"{"data":[{"type":"model","id":"fast","display_name":"fast","created_at":"2023-11-14T22:13:20Z","lifecycle":"active"},{"type":"model","id":"m2","display_name":"m2","created_at":"1970-01-01T00:00:00Z","lifecycle":"active","max_input_tokens":8}],"has_more":false,"first_id":"fast","last_id":"m2"}"#
        )
        #expect(self.models.anthropic([])["first_id"] == .null)
    }

    @Test(
        "Pages of models",
        arguments: [
            (ModelListDoor.Page(limit: 2), ["fast", "m2"], true), (.init(limit: 2, after: "m2"), ["m3"], false),
            (.init(limit: 1, after: "fast"), ["m2"], true), (.init(limit: 1, before: "m3"), ["m2"], true),
            (.init(limit: 5, before: "fast"), [], false), (.init(limit: 5, after: "gone"), [], false),
            (.init(limit: 0), ["fast"], true),
        ]
    )
    func pages(page: ModelListDoor.Page, ids: [String], hasMore: Bool) {
        let answer = self.models.anthropic(Self.entries, page: page)
        #expect(answer["data"]?.array?.compactMap { $0["id"]?.string } == ids)
        #expect(answer["has_more"]?.bool == hasMore)
    }
}
