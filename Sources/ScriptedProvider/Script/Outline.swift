/// A script's content in the order in which it is sent: blocks, and the pieces that fill them.
struct Outline: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        case reasoning, text
        /// A call, and its place among the calls of the answer in order of their beginning.
        case call(Script.Call, place: Int)
    }

    /// Everything of one kind: all reasoning, all text, or one call.
    struct Block: Sendable, Hashable {
        var kind: Kind
        /// Its pieces, one after another.
        var text: String
    }

    struct Piece: Sendable, Hashable {
        var block: Int
        var text: String
        var isFirst: Bool
        var isLast: Bool
    }

    private(set) var blocks: [Block] = []
    private(set) var pieces: [Piece] = []

    init(_ script: Script) {
        self.add(.reasoning, script.reasoning)
        self.add(.text, script.text)
        self.addCalls(of: script)
    }

    /// The calls in order of their beginning.
    var calls: [Script.Call] {
        self.blocks.compactMap { if case .call(let call, _) = $0.kind { call } else { nil } }
    }

    /// All text or all reasoning.
    func text(of kind: Kind) -> String { self.blocks.first { $0.kind == kind }?.text ?? "" }

    private mutating func add(_ kind: Kind, _ texts: [String]) {
        guard !texts.isEmpty else { return }
        let block = self.blocks.count
        self.blocks.append(Block(kind: kind, text: texts.joined()))
        for (index, text) in texts.enumerated() {
            self.pieces.append(
                Piece(block: block, text: text, isFirst: index == 0, isLast: index == texts.count - 1)
            )
        }
    }

    private mutating func addCalls(of script: Script) {
        var sent = Array(repeating: 0, count: script.calls.count)
        var blocks: [Int: Int] = [:]
        let rest = script.calls.enumerated().flatMap { Array(repeating: $0.offset, count: $0.element.arguments.count) }
        for call in script.order + rest where sent[call] < script.calls[call].arguments.count {
            let fragments = script.calls[call].arguments
            let block = blocks[call] ?? self.blocks.count
            if blocks[call] == nil {
                blocks[call] = block
                let kind = Kind.call(script.calls[call], place: blocks.count - 1)
                self.blocks.append(Block(kind: kind, text: fragments.joined()))
            }
            let next = sent[call]
            sent[call] += 1
            self.pieces.append(
                Piece(
                    block: block,
                    text: fragments[next],
                    isFirst: next == 0,
                    isLast: next == fragments.count - 1
                )
            )
        }
    }
}
