import CherryCore

@testable import CherryBridge

/// What cuts the bytes of an answer into events: any bytes in any pieces give the same events as at once.
///
/// Input: which framer, how the bytes are cut, the bytes.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzStreams(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var input = FuzzInput(start, count)
    let kind = input.choice(of: 5)
    var cuts = Cuts(seed: input.byte())
    let bytes = input.bytes
    let pieces = cuts.pieces(of: bytes)
    switch kind {
    case 0:
        let events = framed(ServerSentEventParser(), [bytes])
        expect(events == framed(ServerSentEventParser(), pieces), "server-sent events depend on the pieces")
        expect(events == StreamReference.events(bytes), "server-sent events are not those of the standard")
        fuzzLengths(bytes, events ?? [])
    case 1: expect(framed(LineFramer(), [bytes]) == framed(LineFramer(), pieces), "lines depend on the pieces")
    case 2:
        let events = framed(WholeAnswerFramer(), pieces)
        expect(events?.count == 1 && events == framed(WholeAnswerFramer(), [bytes]), "a whole answer is not one event")
    case 3: fuzzUsageFilter(bytes, pieces)
    default:
        var (whole, cut) = (MCPLineSplitter(limit: 32), MCPLineSplitter(limit: 32))
        expect(whole.feed(bytes) == pieces.flatMap { cut.feed($0) }, "messages depend on the pieces")
    }
    return 0
}

/// The bytes that belong to the first events must say these, and the rest the others.
private func fuzzLengths(_ bytes: [UInt8], _ events: [StreamedEvent]) {
    var parser = ServerSentEventParser()
    guard let all = try? parser.feed(bytes), all == events else { return }  // told by `framed`
    for count in 0...min(events.count, 8) {
        let length = parser.length(ofEvents: count)
        expect((0...bytes.count).contains(length), "an event ends outside of the bytes")
        expect(
            framed(ServerSentEventParser(), [Array(bytes[..<length])]) == Array(events[..<count]),
            "an event ends elsewhere"
        )
    }
}

/// The events of a stream; `nil` for one that is refused.
private func framed(_ framer: some AnswerFramer, _ pieces: [[UInt8]]) -> [StreamedEvent]? {
    var framer = framer
    do {
        let events = try pieces.flatMap { try framer.feed($0) } + framer.finish()
        // What is repaired takes three bytes for one.
        let size = events.reduce(0) { $0 + $1.data.utf8.count }
        expect(size <= 3 * pieces.reduce(0) { $0 + $1.count }, "events are larger than what they were made of")
        return events
    } catch {
        expect(error is BridgeError, "an error of another kind: \(error)")
        return nil
    }
}

private func fuzzUsageFilter(_ bytes: [UInt8], _ pieces: [[UInt8]]) {
    var (whole, cut) = (UsageFilter(), UsageFilter())
    let passed = whole.feed(bytes) + whole.finish()
    expect(passed == pieces.flatMap { cut.feed($0) } + cut.finish(), "what the filter passes on depends on the pieces")
    let (before, after) = (StreamReference.events(bytes), StreamReference.events(passed))
    var left = after[...]
    for event in before {
        if left.first?.data == event.data {
            left.removeFirst()
        } else {
            let chunk = try? JSONValue(parsing: event.data)  // what is no JSON must not have been taken out
            expect(chunk?["usage"]?.object != nil, "the filter took out more than the usage")
        }
    }
    expect(left.isEmpty, "the filter put something in")
}
