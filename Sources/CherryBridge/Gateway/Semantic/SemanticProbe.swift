/// What a question is compared by, as it is sealed: the length of the vector, the vector, the text.
struct SemanticProbe {
    let vector: [Float]
    let text: String

    init(vector: [Float], text: String) {
        self.vector = vector
        self.text = text
    }

    init?(bytes: [UInt8]) {
        guard bytes.count >= 4 else { return nil }
        let length = bytes[..<4].reduce(0) { $0 << 8 | Int($1) } * 4
        guard bytes.count >= 4 + length else { return nil }
        self.vector = QuestionVector.vector(bytes[4..<4 + length])
        self.text = String(decoding: bytes[(4 + length)...], as: UTF8.self)
    }

    var bytes: [UInt8] {
        withUnsafeBytes(of: UInt32(self.vector.count).bigEndian) { Array($0) } + QuestionVector.bytes(self.vector)
            + Array(self.text.utf8)
    }
}
