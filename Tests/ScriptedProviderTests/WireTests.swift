import CherryCore
import Testing

@testable import ScriptedProvider

@Suite("Bytes on the wire")
struct WireTests {
    static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    @Test("The checksum of the nine digits (RFC 1952 names the polynomial; the value is the well-known check)")
    func checksum() {
        #expect(CRC32.of("123456789".utf8) == 0xCBF4_3926)
        #expect(CRC32.of([]) == 0)
    }

    @Test("Messages of the AWS event stream, as its public test vectors have them")
    func eventStream() {
        #expect(Self.hex(EventStreamMessage(headers: [], payload: []).bytes) == "000000100000000005c248eb7d98c8ff")
        #expect(
            Self.hex(EventStreamMessage(headers: [], payload: Array("{'foo':'bar'}".utf8)).bytes)
                == "0000001d00000000fd528c5a7b27666f6f273a27626172277dc3653936"
        )
    }

    @Test("A header of an AWS message is a name, the type of texts, and a text with its length")
    func eventStreamHeaders() {
        let bytes = EventStreamMessage(headers: [(name: ":a", value: "bc")], payload: [0x7B, 0x7D]).bytes
        #expect(Self.hex(Array(bytes[..<8])) == "0000001a00000008")
        #expect(Self.hex(Array(bytes[12..<20])) == "023a610700026263")
        #expect(bytes.count == 0x1A)
    }

    @Test("Stored gzip is what RFC 1951 and RFC 1952 say")
    func gzip() {
        var gzip = StoredGzip()
        let packed = gzip.pack(Array("a".utf8)) + gzip.pack(Array("bc".utf8)) + gzip.finish()
        #expect(
            Self.hex(packed)
                == "1f8b08000000000000ff" + "000100feff61" + "000200fdff6263" + "010000ffff" + "c241243503000000"
        )
    }

    @Test("Long bytes are packed in blocks of at most 65535")
    func longGzip() {
        var gzip = StoredGzip()
        let packed = gzip.pack(Array(repeating: 7, count: 65536))
        #expect(Self.hex(Array(packed[10..<15])) == "00ffff0000")
        #expect(Self.hex(Array(packed.suffix(6))) == "000100feff07")
    }

    @Test("Server-sent events with every line end, comments and names")
    func serverSentEvents() {
        let event = AnswerEvent("name", ["a": 1])
        func text(_ framing: StreamFraming, _ habits: WireHabits) -> String {
            String(decoding: framing.bytes(of: event, habits: habits), as: UTF8.self)
        }
        let plain = StreamFraming.serverSentEvents(isNamed: false)
        #expect(text(plain, .init()) == "data: {\"a\":1}\n\n")
        #expect(text(plain, .init(lineEnds: .crlf)) == "data: {\"a\":1}\r\n\r\n")
        #expect(text(plain, .init(lineEnds: .cr)) == "data: {\"a\":1}\r\r")
        #expect(text(plain, .init(comments: true)) == ": still here\n:\n\ndata: {\"a\":1}\n\n")
        #expect(text(.serverSentEvents(isNamed: true), .init()) == "event: name\ndata: {\"a\":1}\n\n")
        #expect(text(.lines, .init(lineEnds: .crlf)) == "{\"a\":1}\r\n")
    }

    @Test("Vectors depend on the text alone, have length 1, and are packed as 32-bit floats when a client asks")
    func embeddings() throws {
        let ask = #"{"input": ["x", "y", "x"], "dimensions": 3}"#
        let answer = EmbeddingsAPI.openAI.answer(to: try JSONValue(parsing: ask), model: "m")
        let vectors = (answer["data"]?.array ?? []).map { ($0["embedding"]?.array ?? []).compactMap(\.number) }
        #expect(vectors.map(\.count) == [3, 3, 3])
        #expect(vectors[0] == vectors[2])
        #expect(vectors[0] != vectors[1])
        #expect(abs(vectors[0].reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
        #expect(answer["usage"]?["prompt_tokens"] == 3)
        #expect(EmbeddingsAPI.base64([1, -2, 0]) == "AACAPwAAAMAAAAAA")
    }

    @Test("Each API finds the texts that it is to embed")
    func embeddingForms() throws {
        let bodies: [(EmbeddingsAPI, String, String, Int)] = [
            (.mistral, #"{"input": "x"}"#, "data", 1),
            (.geminiOne, #"{"content": {"parts": [{"text": "x"}]}}"#, "embedding", 0),
            (.geminiMany, #"{"requests": [{"content": {"parts": [{"text": "x"}]}}]}"#, "embeddings", 1),
            (.ollama, #"{"input": ["x", "y"]}"#, "embeddings", 2),
            (.bedrock, #"{"texts": ["x"]}"#, "embeddings", 1),
        ]
        for (api, body, key, count) in bodies {
            let answer = api.answer(to: try JSONValue(parsing: body), model: "m")
            #expect(answer[key] != nil, "\(api)")
            if count > 0 { #expect(answer[key]?.array?.count == count, "\(api)") }
        }
    }
}
