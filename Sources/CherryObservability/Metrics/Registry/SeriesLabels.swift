/// The labels of one series, ready to be written.
struct SeriesLabels: Sendable, Hashable {
    let pairs: [(name: String, value: String)]
    /// As both text formats have it, without the braces: `route="/a",status="2xx"`.
    let text: [UInt8]

    init(_ names: [String], _ values: [String]) {
        self.pairs = zip(names, values).map { ($0, $1) }
        var text: [UInt8] = []
        for (name, value) in self.pairs {
            if !text.isEmpty { text.append(0x2C) }
            text += Array(name.utf8) + [0x3D, 0x22]
            for byte in value.utf8 {
                switch byte {
                case 0x5C: text += [0x5C, 0x5C]
                case 0x22: text += [0x5C, 0x22]
                case 0x0A: text += [0x5C, 0x6E]
                default: text.append(byte)
                }
            }
            text.append(0x22)
        }
        self.text = text
    }

    static func == (one: Self, other: Self) -> Bool { one.text == other.text }
    func hash(into hasher: inout Hasher) { hasher.combine(self.text) }
}
