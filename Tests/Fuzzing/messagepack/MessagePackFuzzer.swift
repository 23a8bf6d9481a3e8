/// MessagePack, as servers of the forward protocol answer with it: pieces read as the whole, what was read is written so
/// that it reads again, nothing that is announced makes the reader take room for it, and a part of a value is none.
///
/// Input: how the bytes are cut, then the bytes.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzMessagePack(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var input = FuzzInput(start, count)
    var cuts = Cuts(seed: input.byte())
    let bytes = input.bytes
    let whole = MessagePackRun(of: [bytes])
    let pieces = MessagePackRun(of: cuts.pieces(of: bytes))
    expect(whole.written == pieces.written, "pieces read otherwise than the whole")
    expect(whole.failure == pieces.failure, "pieces fail otherwise than the whole")
    for value in whole.values { check(value) }
    return 0
}

/// Everything that a reader makes of some bytes.
struct MessagePackRun {
    private(set) var values: [MessagePackValue] = []
    private(set) var failure: MessagePackReader.Failure?

    /// The values by their bytes: no number equals NaN.
    var written: [[UInt8]] { self.values.map { MessagePackWriter.bytes($0) } }

    init(of pieces: [[UInt8]]) {
        var reader = MessagePackReader()
        do throws(MessagePackReader.Failure) {
            for piece in pieces {
                reader.append(piece)
                while let value = try reader.next() { self.values.append(value) }
            }
        } catch {
            self.failure = error
        }
    }
}

/// Written in its shortest form, a value reads again as itself; of every shorter text nothing is read, and nothing is
/// wrong with it.
private func check(_ value: MessagePackValue) {
    let bytes = MessagePackWriter.bytes(value)
    let again = MessagePackRun(of: [bytes])
    expect(again.failure == nil && again.values.count == 1, "what was written does not read")
    expect(again.written == [bytes], "what was written reads as something else")
    for length in [1, bytes.count / 2, bytes.count - 1] where (1..<bytes.count).contains(length) {
        let part = MessagePackRun(of: [Array(bytes[..<length])])
        expect(part.failure == nil, "the beginning of a value is refused")
        expect(part.values.isEmpty, "a part of a value is read")
    }
}
