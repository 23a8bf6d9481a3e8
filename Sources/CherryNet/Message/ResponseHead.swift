/// The status line and the fields of an answer, kept as the bytes that arrived.
struct ResponseHead: Sendable {
    /// Where a field is within the bytes.
    struct Field: Sendable {
        let name: Range<Int>
        let value: Range<Int>
    }

    let status: Int
    /// Whether it is an answer of HTTP/1.0, whose connections end unless it says otherwise.
    let isOld: Bool
    let bytes: [UInt8]
    var fields: [Field]

    /// Every value of a field, in order. `name` is in lower case.
    func values(of name: StaticString) -> [String] {
        let name = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        return self.fields.filter { self.matches($0, name) }.map { self.text($0.value) }
    }

    /// The first value of a field, whatever the case of its name.
    func value(of name: String) -> String? {
        let name = name.lowercased().utf8
        return self.fields.first { self.matches($0, name) }.map { self.text($0.value) }
    }

    /// Names and values as they came.
    var all: [(name: String, value: String)] {
        self.fields.map { (self.text($0.name), self.text($0.value)) }
    }

    /// Takes out what no longer holds once the body was unpacked.
    mutating func forgetPacking() {
        self.fields = self.fields.filter {
            !self.matches($0, "content-encoding".utf8) && !self.matches($0, "content-length".utf8)
        }
    }

    private func matches(_ field: Field, _ name: some Collection<UInt8>) -> Bool {
        field.name.count == name.count
            && zip(self.bytes[field.name], name).allSatisfy { ((0x41...0x5a).contains($0) ? $0 | 0x20 : $0) == $1 }
    }

    private func text(_ range: Range<Int>) -> String {
        String(decoding: self.bytes[range], as: UTF8.self)
    }
}
