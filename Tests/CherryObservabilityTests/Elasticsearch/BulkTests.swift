import CherryCore
import CherryJournal
import Testing

@testable import CherryObservability

@Suite("Bulk requests and their answers")
struct BulkTests {
    @Test("A line becomes an action and a document")
    func golden() throws {
        let record = JournalRecord(.sample(fields: [(.httpStatus, .integer(200))]), number: 0xFF)
        let line = try #require(DeliveredLine(record))
        #expect(
            String(decoding: BulkRequest.body([line], from: .sample), as: UTF8.self) == """
                {"create":{"_id":"000000000000000000000000000000ff"}}
                {"@timestamp":"2026-01-31T12:00:00.000001Z","level":"info","logger":"cherry","module":"CherryAPI",\
                "role":"all","message":"request","http_status":200,"service":"cherry","version":"1.2.3",\
                "environment":"test","instance":"box"}

                """
        )
    }

    private func answer(_ statuses: [Int]) -> [UInt8] {
        let items = statuses.enumerated().map { index, status in
            JSONValue.object([
                "create": .object(["_index": "x", "_id": .string("\(index)"), "status": .integer(Int64(status))])
            ])
        }
        return JSONValue.object(["took": 3, "errors": true, "items": .array(items)]).bytes
    }

    @Test("Each item has an outcome of its own, in order")
    func items() throws {
        let response = try #require(
            BulkResponse(self.answer([201, 409, 429, 400, 503, 404, 413]), ids: (0...6).map(String.init))
        )
        #expect(
            response.outcomes == [
                .sent, .sent, .retry(reason: "item_429"), .quarantine(reason: "item_400"), .retry(reason: "item_503"),
                .retry(reason: "item_404"), .quarantine(reason: "item_413"),
            ]
        )
        #expect(response.isBusy)
        #expect(BulkResponse(self.answer([201]), ids: ["0"])?.isBusy == false)
    }

    @Test("An answer to another request, or a part of one, is none")
    func noAnswers() {
        let answer = self.answer([201, 201])
        #expect(BulkResponse(answer, ids: ["0"]) == nil)
        #expect(BulkResponse(answer, ids: ["0", "2"]) == nil)
        #expect(BulkResponse(answer, ids: ["1", "0"]) == nil)
        for count in answer.indices { #expect(BulkResponse(Array(answer[..<count]), ids: ["0", "1"]) == nil) }
        for text in ["[]", "{}", #"{"items":[{"index":{"_id":"0","status":201}}]}"#] {
            #expect(BulkResponse(Array(text.utf8), ids: ["0"]) == nil)
        }
    }

    @Test("The template knows every field of a document, and nothing else becomes one")
    func template() throws {
        let template = try JSONValue(parsing: LogIndexTemplate.body(stream: "logs-cherry-default"))
        #expect(template["index_patterns"] == ["logs-cherry-default"])
        #expect(template["data_stream"] == [:])
        let mappings = try #require(template["template"]?["mappings"])
        #expect(mappings["dynamic"] == false)
        let fields = LogKey.allCases.map { key in (key: key, value: LogValue.integer(1)) }
        let line = try #require(DeliveredLine(.init(.sample(), number: 1)))
        let names = line.fields(from: .sample).map(\.name) + fields.map(\.key.field) + ["@timestamp"]
        #expect(Set(names) == Set(try #require(mappings["properties"]?.object?.keys)))
    }
}
