import CherryBridge
import CherryCore

/// JSON: any bytes are read or refused, and what is read is written and read as the same.
///
/// Input: how deep it may nest, the bytes.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzJSON(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var input = FuzzInput(start, count)
    let depth = input.choice(of: 16)
    let bytes = input.bytes
    do throws(JSONParsingError) {
        let value = try JSONValue(parsing: bytes)
        expect(nesting(of: bytes) <= JSONValue.maximumDepth, "it nests deeper than allowed")
        let shallow = try? JSONValue(parsing: bytes, maximumDepth: depth)  // `nil` for what is too deep
        expect(shallow == (nesting(of: bytes) <= depth ? value : nil), "depth is counted otherwise than it is")
        fuzzRoundTrip(value)
        if let object = value.object { fuzzPassThrough(object, bytes) }
    } catch {
        if case .malformed(let at) = error {
            expect((0...bytes.count).contains(at), "the error is outside of the text")
        }
        let shallow = try? JSONValue(parsing: bytes, maximumDepth: depth)  // how it fails does not matter
        expect(shallow == nil, "what is refused may be read when less deep is allowed")
        // Anything at all, as a request's body may be.
        _ = PassThrough.body(bytes, replacingModel: "m", addsUsage: true)
    }
    return 0
}

private func fuzzRoundTrip(_ value: JSONValue) {
    let written = value.bytes
    guard let again = try? JSONValue(parsing: written) else { fatalError("what was written cannot be read") }
    expect(again == value && again.hashValue == value.hashValue, "what was written reads as something else")
    expect(again.bytes == written, "order, numbers or texts change")
    expect(value.text.utf8.elementsEqual(written), "the text is not that of the bytes")
}

/// The bytes of a request with another model: nothing else may change.
private func fuzzPassThrough(_ object: JSONObject, _ bytes: [UInt8]) {
    var expected = JSONValue.object(object)
    let passed = try? JSONValue(parsing: PassThrough.body(bytes, replacingModel: "\"m", addsUsage: false))
    expect(passed != nil, "a body with another model cannot be read")
    if object.isEmpty {
        expect(passed == expected, "an empty body is changed")
        return
    }
    expected["model"] = "\"m"
    expect(passed == expected, "a body with another model says something else")
    let counting = try? JSONValue(parsing: PassThrough.body(bytes, replacingModel: "\"m", addsUsage: true))
    expected["stream_options"] = {
        guard case .object(var options)? = expected["stream_options"] else { return ["include_usage": true] }
        options["include_usage"] = true
        return .object(options)
    }()
    expect(counting == expected, "a body that asks for usage says something else")
}

/// How deep a JSON text nests arrays and objects.
private func nesting(of bytes: [UInt8]) -> Int {
    var (depth, deepest, isText, isEscaped) = (0, 0, false, false)
    for byte in bytes {
        if isEscaped {
            isEscaped = false
        } else if isText {
            isEscaped = byte == UInt8(ascii: "\\")
            isText = byte != UInt8(ascii: "\"")
        } else if byte == UInt8(ascii: "\"") {
            isText = true
        } else if byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{") {
            depth += 1
            deepest = max(deepest, depth)
        } else if byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}") {
            depth -= 1
        }
    }
    return deepest
}
