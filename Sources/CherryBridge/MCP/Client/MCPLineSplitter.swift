/// Cuts bytes into lines, each of which is one message. The end of the bytes ends no line: a message cut short is none.
struct MCPLineSplitter {
    /// Bytes that one line may take.
    let limit: Int
    private var line: [UInt8] = []
    /// Whether the rest of a line that was too long is being thrown away.
    private var isSkipping = false

    init(limit: Int) { self.limit = limit }

    /// A line, or the place where one was that is too long.
    enum Piece: Equatable {
        case line([UInt8])
        case tooLong
    }

    /// Takes the next bytes. Empty lines are dropped.
    mutating func feed(_ bytes: some Sequence<UInt8>) -> [Piece] {
        var pieces: [Piece] = []
        for byte in bytes {
            if byte == 0x0A {
                if self.line.last == 0x0D { self.line.removeLast() }
                if !self.isSkipping, !self.line.isEmpty { pieces.append(.line(self.line)) }
                self.line.removeAll(keepingCapacity: true)
                self.isSkipping = false
            } else if !self.isSkipping {
                self.line.append(byte)
                if self.line.count > self.limit {
                    pieces.append(.tooLong)
                    self.line.removeAll()
                    self.isSkipping = true
                }
            }
        }
        return pieces
    }
}
