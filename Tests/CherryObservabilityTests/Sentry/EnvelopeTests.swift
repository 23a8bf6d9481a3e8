import CherryCore
import Testing

@testable import CherryObservability

@Suite("Envelopes")
struct EnvelopeTests {
    let limits = EnvelopeReader.Limits(bytes: 4096, items: 3)

    func read(_ text: String) throws -> EnvelopeReader { try EnvelopeReader(Array(text.utf8), limits: self.limits) }

    @Test("An envelope to send has its moment once, one-line headers and the payload's length in bytes")
    func sent() {
        let envelope = SentryEnvelope(.event, ["a": "\u{e9}\n"], eventID: .example(1))
        let time = Timestamp(milliseconds: 1_581_084_960_000)
        let text = String(decoding: envelope.sent(at: time, client: SentryClientName(version: "0.1.0")), as: UTF8.self)
        let id = HexID.example(1).text
        #expect(
            text == """
                {"event_id":"\(id)","sdk":{"name":"cherry","version":"0.1.0"},"sent_at":"2020-02-07T14:16:00.000Z"}
                {"type":"event","length":12}
                {"a":"\u{e9}\\n"}

                """
        )
    }

    @Test("What is kept says nothing of when it is sent, and reads again as it was")
    func stored() throws {
        var envelope = SentryEnvelope(.session, ["a": 1])
        envelope.items += SentryEnvelope(.session, ["b": 2]).items
        let bytes = envelope.stored()
        #expect(!String(decoding: bytes, as: UTF8.self).contains("sent_at"))
        #expect(try SentryEnvelope(reading: bytes) == envelope)
        let event = SentryEnvelope(.event, ["a": 1], eventID: .example(3))
        #expect(try SentryEnvelope(reading: event.stored()) == event)
    }

    @Test("Every part of a kept envelope is either refused or an envelope of fewer whole items")
    func truncated() throws {
        var envelope = SentryEnvelope(.session, ["a": 1])
        envelope.items += SentryEnvelope(.session, ["b": 2]).items
        let bytes = envelope.stored()
        for length in 0..<bytes.count {
            guard let read = try? SentryEnvelope(reading: Array(bytes.prefix(length))) else { continue }
            #expect(envelope.items.starts(with: read.items), "\(length)")
        }
    }

    @Test("A payload without a length ends with its line; one with a length may hold line feeds")
    func lengths() throws {
        let implicit = try self.read("{}\n{\"type\":\"session\"}\n{\"a\":1}\n{\"type\":\"event\",\"length\":3}\na\nb")
        #expect(implicit.items.map { String(decoding: $0.payload, as: UTF8.self) } == ["{\"a\":1}", "a\nb"])
        #expect(implicit.items.map(\.type) == [.session, .event])
        #expect(try self.read("{}\n{\"type\":\"event\",\"length\":0}\n\n").items.map(\.payload) == [[]])
        #expect(try self.read("{}").items.isEmpty)
        #expect(try self.read("{}\n\n").items.isEmpty)
    }

    @Test("Unknown items are read as such")
    func unknown() throws {
        #expect(try self.read("{}\n{\"type\":\"replay_video\"}\nx\n").items.map(\.type) == [nil])
    }

    @Test(
        "What is no envelope is refused",
        arguments: [
            "", "\n", "x", "[]\n", "{}\r\n{\"type\":\"event\"}", "{}\nx\n", "{}\n{\"type\":\"event\"}",
            "{}\n{\"length\":5}\nabc", "{}\n{\"length\":2}\nabc", "{}\n{\"length\":-1}\nabc",
            "{}\n{\"length\":\"3\"}\nabc",
            "{}\n{}\na\n{}\na\n{}\na\n{}\na\n", "{\n}\n", "{}\n\n{}\na\n",
        ]
    )
    func refusals(text: String) {
        let error = #expect(throws: SentryError.self) { try self.read(text) }
        #expect(error?.code == .malformedEnvelope)
    }

    @Test("One that is too large is refused")
    func tooLarge() {
        #expect(throws: SentryError.self) { try self.read("{}\n{}\n" + String(repeating: "a", count: 4096)) }
    }
}
