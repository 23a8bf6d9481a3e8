@testable import CherryBridge

/// Server-sent events read the slow and plain way, line by line from the whole (WHATWG HTML, "Interpreting an event
/// stream"), to compare with.
enum StreamReference {
    static func events(_ bytes: [UInt8]) -> [StreamedEvent] {
        var events: [StreamedEvent] = []
        var data: [[UInt8]] = []
        var name: [UInt8] = []
        var id: String?
        for line in self.lines(bytes) {
            guard !line.isEmpty else {
                if !data.isEmpty {
                    let text = String(decoding: Array(data.joined(separator: [0x0A])), as: UTF8.self)
                    let given = name.isEmpty ? "message" : String(decoding: name, as: UTF8.self)
                    events.append(StreamedEvent(name: given, data: text, id: id))
                }
                (data, name) = ([], [])
                continue
            }
            let parts = line.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
            var value = parts.count > 1 ? Array(parts[1]) : []
            if value.first == 0x20 { value.removeFirst() }
            if parts[0].elementsEqual("data".utf8) { data.append(value) }
            if parts[0].elementsEqual("event".utf8) { name = value }
            if parts[0].elementsEqual("id".utf8), !value.contains(0) { id = String(decoding: value, as: UTF8.self) }
        }
        return events
    }

    /// The lines that are ended.
    private static func lines(_ bytes: [UInt8]) -> [[UInt8]] {
        var lines: [[UInt8]] = [[]]
        var at = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        while at < bytes.count {
            if bytes[at] == 0x0D || bytes[at] == 0x0A {
                if bytes[at] == 0x0D, at + 1 < bytes.count, bytes[at + 1] == 0x0A { at += 1 }
                lines.append([])
            } else {
                lines[lines.count - 1].append(bytes[at])
            }
            at += 1
        }
        return lines.dropLast()
    }
}
