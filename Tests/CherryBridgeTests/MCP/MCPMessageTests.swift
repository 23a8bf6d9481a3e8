import CherryBridge
import CherryCore
import Testing

@Suite("Messages of the Model Context Protocol")
struct MCPMessageTests {
    private static func read(_ text: String) throws -> MCPMessage { try MCPMessage(reading: Array(text.utf8)) }

    private static func refusal(_ text: String) -> MCPUnreadable? {
        do {
            _ = try MCPMessage(reading: Array(text.utf8))
            return nil
        } catch {
            return error
        }
    }

    @Test("Requests, notifications, results and errors are read and written as they were")
    func roundTrip() throws {
        let texts = [
            #"{"jsonrpc":"2.0","id":7,"method":"tools/list","params":{"cursor":"x"}}"#,
            #"{"jsonrpc":"2.0","id":"a","method":"ping"}"#,
            #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
            #"{"jsonrpc":"2.0","id":-3,"result":{"tools":[]}}"#,
            #"{"jsonrpc":"2.0","id":"","error":{"code":-32601,"message":"no","data":{"x":1}}}"#,
            #"{"jsonrpc":"2.0","error":{"code":-32700,"message":"no"}}"#,
        ]
        for text in texts {
            #expect(try Self.read(text).json(.july2026).text == text)
        }
        #expect(try Self.read(texts[0]) == .request(id: .integer(7), method: "tools/list", params: ["cursor": "x"]))
        #expect(try Self.read(texts[1]) == .request(id: .text("a"), method: "ping", params: [:]))
    }

    @Test("An id may be a whole number in any spelling, but no fraction and no null")
    func ids() throws {
        let message = try Self.read(#"{"jsonrpc":"2.0","id":2.0,"method":"ping"}"#)
        #expect(message == .request(id: .integer(2), method: "ping", params: [:]))
        for id in ["1.5", "null", "true", "[1]", "{}"] {
            let refusal = Self.refusal(#"{"jsonrpc":"2.0","id":\#(id),"method":"ping"}"#)
            #expect(refusal?.failure.code == -32600)
            #expect(refusal?.id == nil)
        }
    }

    @Test(
        "What is no message is refused with the right code, and with its id where it has one",
        arguments: [
            ("", -32700, nil), ("{", -32700, nil), ("\u{1}", -32700, nil), ("[]", -32600, nil),
            (#"[{"jsonrpc":"2.0","id":1,"method":"ping"}]"#, -32600, nil), ("5", -32600, nil), ("{}", -32600, nil),
            (#"{"jsonrpc":"1.0","id":1,"method":"ping"}"#, -32600, .integer(1)),
            (#"{"id":1,"method":"ping"}"#, -32600, .integer(1)),
            (#"{"jsonrpc":"2.0","id":1,"method":5}"#, -32600, .integer(1)),
            (#"{"jsonrpc":"2.0","id":1,"method":"ping","params":[1]}"#, -32602, .integer(1)),
            (#"{"jsonrpc":"2.0","id":1,"method":"ping","params":null}"#, -32602, .integer(1)),
            (#"{"jsonrpc":"2.0","id":1}"#, -32600, .integer(1)),
            (#"{"jsonrpc":"2.0","id":1,"result":5}"#, -32600, .integer(1)),
            (#"{"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1,"message":"m"}}"#, -32600, .integer(1)),
            (#"{"jsonrpc":"2.0","id":1,"error":{"code":"x","message":"m"}}"#, -32600, .integer(1)),
        ] as [(String, Int, MCPRequestID?)]
    )
    func malformed(text: String, code: Int, id: MCPRequestID?) throws {
        let refusal = try #require(Self.refusal(text))
        #expect(refusal.failure.code == code)
        #expect(refusal.id == id)
    }

    @Test("Bytes that are not UTF-8, nest too deep or are too many are refused")
    func limits() {
        #expect(throws: MCPUnreadable.self) { try MCPMessage(reading: [0x7B, 0xFF, 0x7D]) }
        let deep = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
        #expect(Self.refusal(deep)?.failure.code == -32600)
        let long = #"{"jsonrpc":"2.0","method":"\#(String(repeating: "x", count: MCPMessage.limit))"}"#
        #expect(Self.refusal(long)?.failure.code == -32600)
    }

    @Test("An error without an id has none, except in the revision whose schema wants one")
    func errorsWithoutID() {
        let message = MCPMessage.failure(id: nil, MCPFailure(code: -32700, message: "m"))
        #expect(message.json(.july2026)["id"] == nil)
        #expect(message.json(.november2025)["id"] == nil)
        #expect(message.json(nil)["id"] == nil)
        #expect(message.json(.june2025)["id"] == "")
    }

    @Test("Cut off or damaged anywhere, a message is refused and nothing worse happens")
    func damage() throws {
        let bytes = Array(
            #"{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"x","arguments":{"a":"ä"}}}"#.utf8
        )
        for length in bytes.indices {
            #expect(throws: MCPUnreadable.self) { try MCPMessage(reading: bytes[..<length]) }
        }
        for index in bytes.indices {
            for value in [0x00, 0x22, 0x5B, 0x7B, 0x7D, 0xFF] as [UInt8] {
                var damaged = bytes
                damaged[index] = value
                _ = try? MCPMessage(reading: damaged)
            }
        }
    }
}

@Suite("Headers of the Model Context Protocol")
struct MCPHeaderTests {
    @Test(
        "A value is encoded only where it must be, and read back",
        arguments: [
            ("us-west1", "us-west1"), ("Hello, 世界", "=?base64?SGVsbG8sIOS4lueVjA==?="),
            (" padded ", "=?base64?IHBhZGRlZCA=?="), ("line1\nline2", "=?base64?bGluZTEKbGluZTI=?="),
            ("=?base64?literal?=", "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?="), ("", ""), ("a b", "a b"),
        ]
    )
    func encoding(text: String, value: String) {
        #expect(MCPHeaders.encode(text) == value)
        #expect(MCPHeaders.decode(value) == text)
    }

    @Test("A damaged encoding is no value", arguments: ["=?base64?!?=", "=?base64?/w==?=", "=?base64?SGVsbG8?="])
    func damaged(value: String) { #expect(MCPHeaders.decode(value) == nil) }

    private static let params: JSONObject = [
        "name": "größe", "_meta": ["io.modelcontextprotocol/protocolVersion": "2026-07-28"],
    ]

    @Test("Headers must say what the body says")
    func mismatch() {
        let right = [
            "MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "tools/call", "Mcp-Name": MCPHeaders.encode("größe"),
        ]
        #expect(MCPHeaders.mismatch(method: "tools/call", params: Self.params) { right[$0] } == nil)
        for key in right.keys {
            for value in [nil, "other", "=?base64?!?="] {
                var wrong = right
                wrong[key] = value
                let failure = MCPHeaders.mismatch(method: "tools/call", params: Self.params) { wrong[$0] }
                #expect(failure?.code == -32020, "\(key): \(value ?? "-")")
            }
        }
        let list = right.filter { $0.key != "Mcp-Name" }.merging(["Mcp-Method": "tools/list"]) { $1 }
        #expect(MCPHeaders.mismatch(method: "tools/list", params: Self.params) { list[$0] } == nil)
    }
}
