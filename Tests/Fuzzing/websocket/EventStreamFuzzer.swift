@testable import CherryBridge

/// AWS event streams: any bytes in any pieces give the same events as at once; what was damaged is refused.
func fuzzEventStream(_ input: inout FuzzInput, isRaw: Bool) {
    var cuts = Cuts(seed: input.byte())
    let bytes = isRaw ? input.bytes : messages(of: &input)
    let (events, isRefused) = framed([bytes])
    let (cut, cutIsRefused) = framed(cuts.pieces(of: bytes))
    expect(isRefused == cutIsRefused, "whether a stream is refused depends on the pieces")
    // What came in one piece with the damage is refused with it.
    expect(isRefused ? cut.starts(with: events) : events == cut, "events depend on the pieces")
    let size = cut.reduce(0) { $0 + $1.data.utf8.count + $1.name.utf8.count }
    expect(size <= 3 * bytes.count + 64 * cut.count, "events are larger than what they were made of")
}

private func framed(_ pieces: [[UInt8]]) -> (events: [StreamedEvent], isRefused: Bool) {
    var framer = AWSEventStreamFramer()
    var events: [StreamedEvent] = []
    do {
        for piece in pieces { events += try framer.feed(piece) }
        return (events + framer.finish(), false)
    } catch {
        expect(error is BridgeError, "an error of another kind: \(error)")
        return (events, true)
    }
}

/// Messages with a right length and checksums, one a line: how many bytes of the line are headers, then both. Lines that
/// begin with `E` are whole events instead.
private func messages(of input: inout FuzzInput) -> [UInt8] {
    var bytes: [UInt8] = []
    while let line = input.line() {
        guard let first = line.first else { continue }
        let rest = line.dropFirst()
        if first == UInt8(ascii: "E") {
            let name = rest.prefix { $0 != 0x20 }
            bytes += AWSMessage.event(name, rest.dropFirst(name.count + 1)).bytes
        } else {
            let length = min(Int(first), rest.count)
            bytes += AWSMessage(headers: Array(rest.prefix(length)), payload: Array(rest.dropFirst(length))).bytes
        }
    }
    return bytes
}
