import CherryCore
import Foundation

@testable import CherryBridge

/// The Model Context Protocol: any messages in any order are answered as the protocol has it, and never twice.
///
/// Input: which side, then one message or one event a line.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzMCP(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var input = FuzzInput(start, count)
    switch input.choice(of: 4) {
    case 0:
        var session = FuzzedServer()
        while let line = input.line() { session.take(line) }
        session.end()
    case 1, 2:
        var session = FuzzedClient(cancelsByClosing: input.choice(of: 2) == 1)
        while let line = input.line() { session.take(line) }
        session.end()
    default: fuzzTexts(&input)
    }
    return 0
}

/// A message out of a line; `nil` with what to answer for one that is none.
func message(_ line: [UInt8]) -> Result<MCPMessage, MCPUnreadable> {
    do throws(MCPUnreadable) {
        let message = try MCPMessage(reading: line)
        expect(again(message.json(nil)) == message, "a message that was read is written as another")
        return .success(message)
    } catch {
        return .failure(error)
    }
}

/// What a message that the program wrote reads as.
func again(_ json: JSONValue) -> MCPMessage {
    do {
        let parsed = try JSONValue(parsing: json.bytes)
        return try MCPMessage(parsed)
    } catch {
        fatalError("what was written is no message: \(error)")
    }
}

/// Headers, names and descriptions of tools.
private func fuzzTexts(_ input: inout FuzzInput) {
    let text = String(decoding: input.line() ?? [], as: UTF8.self)
    let encoded = MCPHeaders.encode(text)
    expect(encoded.utf8.allSatisfy { (0x20...0x7E).contains($0) }, "a header's value is not plain")
    expect(MCPHeaders.decode(encoded).map { $0.utf8.elementsEqual(text.utf8) } == true, "a header's value changes")
    if let plain = MCPHeaders.decode(text) {
        let marked = "=?base64?\(Data(plain.utf8).base64EncodedString())?="
        expect(plain == text || marked == text, "two spellings of one value in base64")
    }
    if let reference = MCPReference(text) {
        expect(MCPReference(reference.description) == reference, "a reference changes")
    }
    guard let json = try? JSONValue(parsing: input.bytes) else { return }  // no JSON, no description
    for hasHeaders in [true, false] {
        guard let tool = MCPRemoteTool(json, hasHeaders: hasHeaders) else { continue }
        let headers = MCPParameterHeaders(tool.input)?.headers(for: json.object ?? [:]) ?? []
        for header in headers {
            expect(header.value.utf8.allSatisfy { (0x20...0x7E).contains($0) }, "a header's value is not plain")
        }
    }
    guard let object = json.object else { return }
    _ = MCPToolAnswer(object)
    let mismatch = MCPHeaders.mismatch(method: "tools/call", params: object) { object[$0]?.string }
    let asked = object["name"]?.string
    if mismatch == nil, let asked {
        expect(object[MCPHeaders.name]?.string.flatMap(MCPHeaders.decode) == asked, "a wrong name passes")
    }
}
