import CherryCore
import Foundation
import Testing

@Suite("JSON texts")
struct JSONTests {
    private func failure(_ text: some Collection<UInt8>) -> JSONParsingError? {
        do {
            _ = try JSONValue(parsing: text)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "What is read is written as it was, with its order of keys",
        arguments: [
            "null", "true", "false", "0", "-1", "9223372036854775807", "-9223372036854775808", "1.5", #""""#,
            #""kirsche 🍒""#, "[]", "{}", #"[1,[],{},"x"]"#, #"{"z":1,"a":{"y":null,"b":[true]},"m":"\n\t\"\\"}"#,
        ]
    )
    func roundTrip(text: String) throws {
        #expect(try JSONValue(parsing: text).text == text)
    }

    @Test("White space, escapes and numbers of every form are read")
    func forms() throws {
        let text = " \r\n\t{ \"a\" : [ 1 , 2.0e3 , -0.5E-1, 1E2 ] , \"\\u0062\" : \"\\b\\f\\/\\ud83c\\udf52\" } "
        let value = try JSONValue(parsing: text)
        #expect(value["a"] == [1, .number(2000), .number(-0.05), .number(100)])
        #expect(value["b"] == "\u{08}\u{0C}/🍒")
        #expect(value["a"]?.array?[1].integer == 2000)
    }

    @Test("A number beyond 64 bits is kept as nearly as a double can")
    func largeNumbers() throws {
        #expect(try JSONValue(parsing: "18446744073709551616") == .number(18_446_744_073_709_551_616))
        #expect(self.failure("1e999".utf8) == .malformed(at: 0))
    }

    @Test("Half of a surrogate pair is replaced, and what follows it is kept")
    func surrogates() throws {
        #expect(try JSONValue(parsing: #""\ud83c""#) == "\u{FFFD}")
        #expect(try JSONValue(parsing: #""\ud83cx""#) == "\u{FFFD}x")
        #expect(try JSONValue(parsing: #""\udf52\ud83c\n""#) == "\u{FFFD}\u{FFFD}\n")
        #expect(try JSONValue(parsing: #""\ud83c\ud83c\udf52""#) == "\u{FFFD}🍒")
    }

    @Test("Of several members under one key the last counts, among few and among many")
    func duplicates() throws {
        #expect(try JSONValue(parsing: #"{"a":1,"b":2,"a":3}"#).text == #"{"a":3,"b":2}"#)
        let many = (0..<40).map { "\"k\($0 % 20)\":\($0)" }.joined(separator: ",")
        let value = try JSONValue(parsing: "{\(many)}")
        #expect(value.object?.count == 20)
        #expect(value["k0"] == 20)
    }

    @Test(
        "What breaks the grammar is refused",
        arguments: [
            "", " ", "{", "[", "[1,]", "[1 2]", "{,}", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, "{a:1}", "tru", "nul", "01",
            "1.", ".5", "+1", "1e", "--1", #"""#, #""\x""#, #""\u12g4""#, "\"\n\"", "1 2", "[1]]", "NaN",
        ]
    )
    func malformed(text: String) {
        guard case .malformed = self.failure(text.utf8) else {
            Issue.record("\(text) was taken")
            return
        }
    }

    @Test("Every prefix of a text is refused, and nothing crashes on a flipped byte")
    func damage() throws {
        let text = Array(#"{"a":[1,-2.5e3,true,null],"b":"é\ud83c\udf52\"","c":{"d":{}}}"#.utf8)
        _ = try JSONValue(parsing: text)
        for end in 0..<text.count { #expect(self.failure(text[..<end]) != nil) }
        for place in text.indices {
            for bit in 0..<8 {
                var damaged = text
                damaged[place] ^= 1 << bit
                _ = self.failure(damaged)
            }
        }
    }

    @Test("Bytes that are not UTF-8 are refused, also behind an escape")
    func utf8() {
        #expect(self.failure([0x22, 0xFF, 0x22]) == .invalidUTF8)
        #expect(self.failure([0x22, 0x5C, 0x6E, 0xC3, 0x22]) == .invalidUTF8)
    }

    @Test("Nesting is taken to the limit and refused beyond it")
    func depth() {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(self.failure(nested(JSONValue.maximumDepth).utf8) == nil)
        #expect(self.failure(nested(JSONValue.maximumDepth + 1).utf8) == .tooDeep)
        #expect(self.failure(String(repeating: "{\"a\":", count: 1_000_000).utf8) == .tooDeep)
    }

    @Test("Foundation reads what is written")
    func foundation() throws {
        let value: JSONValue = ["text": "\u{0}\u{1F}\u{7F}\"\\/é🍒", "list": [1, 2.5, true, .null], "empty": [:]]
        let read = try JSONDecoder().decode(JSONValue.self, from: Data(value.bytes))
        #expect(read == value)
    }

    @Test("Every character is written so that it reads as it was, in a short text and a long one", arguments: [1, 20])
    func characters(count: Int) throws {
        for scalar in (0...0x10FF).compactMap(Unicode.Scalar.init) + ["🍒", "\u{2028}", "\u{FEFF}"] {
            let text = "a" + String(repeating: String(scalar), count: count) + "b"
            var bytes: [UInt8] = []
            bytes.appendJSON(text)
            #expect(bytes.dropFirst().allSatisfy { $0 >= 0x20 && $0 != 0x7F })
            #expect(try JSONValue(parsing: bytes) == .string(text))
            #expect(JSONValue.string(text).bytes == bytes)
        }
    }

    @Test("Setting a member keeps its place, appends a new one, and removes with nil")
    func members() {
        var value: JSONValue = ["a": 1, "b": 2]
        value["a"] = 3
        value["c"] = 4
        value["b"] = nil
        #expect(value.text == #"{"a":3,"c":4}"#)
        #expect(value == ["c": 4, "a": 3])
        #expect(JSONValue.string("x")["a"] == nil)
    }
}
