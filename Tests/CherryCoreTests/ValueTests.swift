import CherryCore
import Foundation
import Testing

@Suite("Times and JSON values")
struct ValueTests {
    @Test("Time adds and subtracts to the millisecond")
    func time() {
        let start = Timestamp(milliseconds: 1_000)
        #expect(start + .milliseconds(1) == Timestamp(milliseconds: 1_001))
        #expect(start - .seconds(2) == Timestamp(milliseconds: -1_000))
        #expect(Timestamp(milliseconds: 1_500) - start == .milliseconds(500))
        #expect(start.date == Date(timeIntervalSince1970: 1))
    }

    @Test("Time is an integer in JSON")
    func timeInJSON() throws {
        #expect(String(decoding: try JSONEncoder().encode([Timestamp(milliseconds: 7)]), as: UTF8.self) == "[7]")
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([Timestamp].self, from: Data("[\"7\"]".utf8)) }
    }

    @Test(
        "JSON of any shape survives",
        arguments: [
            "null", "true", "0", "-9007199254740993", "1.5", "\"kirsche 🍒\"", "[1,[],{}]",
            #"{"a":{"b":[null,false,"x"]}}"#,
        ]
    )
    func json(text: String) throws {
        let value = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(String(decoding: try encoder.encode(value), as: UTF8.self) == text)
    }

    @Test("Every vault starts with the three personas, whose ids never change")
    func personas() {
        let personas = Persona.builtIn(at: Timestamp(milliseconds: 0))
        #expect(personas.map(\.name) == ["Cherry", "Sophia", "Karen"])
        #expect(personas.map { $0.id.description.suffix(2) } == ["c1", "c2", "c3"])
        #expect(personas.allSatisfy { $0.isBuiltIn && !$0.instructions.isEmpty })
    }

    @Test("A conversation may leave out what every conversation starts without")
    func conversation() throws {
        let id = RecordID.make()
        let text = #"{"id":"\#(id)","title":"Cherries","titleSource":"user","createdAt":1,"updatedAt":2}"#
        var wanted = Conversation(
            id: id,
            title: "Cherries",
            titleSource: .user,
            createdAt: Timestamp(milliseconds: 1)
        )
        wanted.updatedAt = Timestamp(milliseconds: 2)
        #expect(try JSONDecoder().decode(Conversation.self, from: Data(text.utf8)) == wanted)
    }

    @Test("Credentials and sessions are sealed under a key of their own")
    func purposes() {
        #expect(RecordCollection.secrets.purpose == .secrets)
        #expect(RecordCollection.devices.purpose == .secrets)
        #expect(RecordCollection.tokens.purpose == .secrets)
        #expect(RecordCollection.messages.purpose == .records)
    }
}
