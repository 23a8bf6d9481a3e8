import CherryCore

/// Follows the calls of a conversation while it is written for a provider: a result names its call by id alone, but
/// some APIs want the tool's name with it, take ids of one form only, or refuse an id that comes twice.
struct CallLedger {
    /// The form of ids that an API takes.
    struct IDForm {
        /// Bytes beside letters and digits.
        let punctuation: [UInt8]
        let longest: Int
    }

    private let form: IDForm?
    private var written: Set<String> = []
    private var latest: [String: (id: String, name: String, count: Int)] = [:]

    /// - Parameter form: `nil` when ids may be anything.
    init(form: IDForm? = nil) { self.form = form }

    /// Takes note of a call.
    ///
    /// - Returns: its id as it must be written.
    mutating func begin(_ call: ToolCall) -> String {
        var count = (self.latest[call.id]?.count ?? 0) + 1
        var id = self.fitted(count == 1 || self.form == nil ? call.id : "\(call.id)_\(count)")
        while self.form != nil, self.written.contains(id) {
            count += 1
            id = self.fitted("\(call.id)_\(count)")
        }
        self.written.insert(id)
        self.latest[call.id] = (id, call.name, count)
        return id
    }

    /// The id of the call that `result` answers, as it must be written.
    func id(for result: ToolResult) -> String { self.latest[result.callID]?.id ?? self.fitted(result.callID) }

    /// The tool that `result` comes from; `nil` when neither it nor the conversation says.
    func name(for result: ToolResult) -> String? { result.name ?? self.latest[result.callID]?.name }

    /// An id of another form keeps what it can and ends in a digest of the whole, so that two stay two.
    private func fitted(_ id: String) -> String {
        guard let form else { return id }
        let bytes = id.utf8.map { byte -> UInt8 in
            let isPlain =
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            return isPlain || form.punctuation.contains(byte) ? byte : UInt8(ascii: "_")
        }
        if bytes.elementsEqual(id.utf8), bytes.count <= form.longest, !bytes.isEmpty { return id }
        // FNV-1a, 64 bits: not for secrecy, only to tell ids apart.
        let digest = id.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        let head = String(decoding: bytes.prefix(form.longest - 17), as: UTF8.self)
        return head + "_" + String(digest, radix: 16)
    }
}
