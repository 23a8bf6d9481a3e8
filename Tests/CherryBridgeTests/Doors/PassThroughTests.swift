import CherryBridge
import CherryCore
import Testing

@Suite("Passing requests and answers through")
struct PassThroughTests {
    private func body(_ text: String, _ model: String = "real", addsUsage: Bool = false) -> String {
        String(
            decoding: PassThrough.body(Array(text.utf8), replacingModel: model, addsUsage: addsUsage),
            as: UTF8.self
        )
    }

    @Test(
        "Only the model's name changes, wherever it stands and whatever is around it",
        arguments: [
            (#"{"model":"fast","x":1}"#, #"{"model":"real","x":1}"#),
            (
                " {\n \"x\" : [ 1.50 , {\"model\":\"no\"} ] ,\t\"model\"\r\n:  \"fa\\\"st\" }\n",
                " {\n \"x\" : [ 1.50 , {\"model\":\"no\"} ] ,\t\"model\"\r\n:  \"real\" }\n"
            ),
            (#"{"text":"\"model\":\"no\" }","model":"fast"}"#, #"{"text":"\"model\":\"no\" }","model":"real"}"#),
            (#"{"model":null}"#, #"{"model":"real"}"#), (#"{"model":1e3,"y":true}"#, #"{"model":"real","y":true}"#),
            (#"{"model":{"a":[}]"#, #"{"model":{"a":[}]"#),
            (#"{"\u006dodel":"fast","é🍒":"\ud83c\udf52"}"#, #"{"\u006dodel":"real","é🍒":"\ud83c\udf52"}"#),
            (#"{"model":"a","model":"b"}"#, #"{"model":"real","model":"real"}"#),
            (#"{"x":1}"#, #"{"model":"real","x":1}"#), ("{}", "{}"), ("[1]", "[1]"), ("", ""), ("{\"model", "{\"model"),
        ]
    )
    func model(original: String, expected: String) {
        #expect(self.body(original) == expected)
    }

    @Test("A name is written as JSON")
    func quoted() {
        #expect(self.body(#"{"model":"x"}"#, "a\"b\\") == #"{"model":"a\"b\\"}"#)
    }

    @Test(
        "The question for usage is added where it is not asked",
        arguments: [
            (
                #"{"model":"x","stream":true}"#,
                #"{"stream_options":{"include_usage":true},"model":"real","stream":true}"#
            ),
            (#"{"stream_options":{},"model":"x"}"#, #"{"stream_options":{"include_usage":true},"model":"real"}"#),
            (#"{"stream_options":null,"model":"x"}"#, #"{"stream_options":{"include_usage":true},"model":"real"}"#),
            (
                #"{"model":"x","stream_options": { "include_usage" : false , "z":1}}"#,
                #"{"model":"real","stream_options": { "include_usage" : true , "z":1}}"#
            ),
            (
                #"{"model":"x","stream_options":{"z":[{}]}}"#,
                #"{"model":"real","stream_options":{"include_usage":true,"z":[{}]}}"#
            ),
            (#"{"y":2}"#, #"{"model":"real","stream_options":{"include_usage":true},"y":2}"#),
        ]
    )
    func usage(original: String, expected: String) throws {
        #expect(self.body(original, addsUsage: true) == expected)
        #expect(try JSONValue(parsing: expected)["stream_options"]?["include_usage"] == true)
    }

    @Test("Cut off anywhere, a request comes back as it was or with one change")
    func truncated() {
        let text = #"{"a":{"b":["x\\\"",1]},"model":"fast","c":[true,null]}"#
        for length in 0...text.utf8.count {
            let part = Array(text.utf8.prefix(length))
            let result = PassThrough.body(part, replacingModel: "real")
            #expect(result == part || length == text.utf8.count, "cut at \(length)")
        }
    }
}

@Suite("Taking out usage that nobody asked for")
struct UsageFilterTests {
    static let chunk = #"{"id":"1","choices":[{"index":0,"delta":{"content":"\"usage\" 🍒"}}],"usage":null}"#
    static let both =
        #"{"id":"1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":1}}"#
    static let usage = #"{"id":"1","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}}"#
    static let prompt = #"{"id":"","choices":[],"prompt_filter_results":[{"usage":{}}],"usage":null}"#

    private func filter(_ bytes: [UInt8], cutAt cut: Int) -> [UInt8] {
        var filter = UsageFilter()
        let first = filter.feed(Array(bytes[..<cut]))
        return first + filter.feed(Array(bytes[cut...])) + filter.finish()
    }

    @Test("Only that event goes, with every line end and cut at every byte", arguments: ["\n", "\r\n", "\r"])
    func everyCut(end: String) {
        let before =
            ": hello\(end)\(end)data: \(Self.prompt)\(end)\(end)event: x\(end)data: \(Self.chunk)\(end)\(end)"
            + "data: \(Self.both)\(end)\(end)"
        let after = "data: [DONE]\(end)\(end)"
        let bytes = Array((before + "data: \(Self.usage)\(end)\(end)" + after).utf8)
        let expected = Array((before + after).utf8)
        for cut in 0...bytes.count { #expect(self.filter(bytes, cutAt: cut) == expected, "cut at \(cut)") }
        var filter = UsageFilter()
        #expect(bytes.flatMap { filter.feed([$0]) } + filter.finish() == expected)
    }

    @Test("A stream that ends within an event keeps its beginning")
    func unfinished() {
        let bytes = Array("data: {\"choices\":[{\"a\":1}]}\n\ndata: {\"cho".utf8)
        #expect(self.filter(bytes, cutAt: 5) == bytes)
    }

    @Test("A large event passes through without being held")
    func large() {
        var filter = UsageFilter()
        let piece = [UInt8](repeating: 0x78, count: 1 << 20)
        var passed = filter.feed(Array("data: ".utf8))
        for _ in 0..<8 { passed += filter.feed(piece) }
        #expect(passed.count == 8 << 20 + 6)
        let tail = Array("\n\ndata: \(Self.usage)\n\ndata: x\n\n".utf8)
        #expect(filter.feed(tail) == Array("\n\ndata: x\n\n".utf8))
        #expect(filter.finish().isEmpty)
    }
}
