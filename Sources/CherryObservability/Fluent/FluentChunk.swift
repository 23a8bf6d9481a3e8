import CherryJournal
import CherryNet
import Crypto
import Foundation

/// Many events of one tag as one message.
struct FluentChunk: Sendable, Hashable {
    /// How the events stand in the message.
    enum Mode: Sendable, CaseIterable {
        /// One after the other, packed by gzip: CompressedPackedForward.
        case compressed
        /// One after the other: PackedForward.
        case packed
        /// As an array: Forward, which the simplest servers know alone.
        case plain
    }

    /// Names the chunk in its acknowledgement: the same for the same records each time that they are sent.
    let id: String
    let bytes: [UInt8]

    /// - Parameter ids: of the records, to make the chunk's own from.
    init(tag: String, records: [FluentRecord], ids: [String], mode: Mode) {
        self.id = Self.id(of: ids)
        var writer = MessagePackWriter()
        writer.writeArrayHeader(3)
        writer.write(tag)
        if mode == .plain {
            writer.writeArrayHeader(records.count)
            for record in records { record.write(to: &writer) }
        } else {
            var entries = MessagePackWriter()
            for record in records { record.write(to: &entries) }
            writer.write(.binary(mode == .compressed ? Gzip.pack(entries.bytes) : entries.bytes))
        }
        writer.writeMapHeader(mode == .compressed ? 3 : 2)
        writer.write("size")
        writer.write(Int64(records.count))
        if mode == .compressed {
            writer.write("compressed")
            writer.write("gzip")
        }
        // A text: some servers refuse binary data here.
        writer.write("chunk")
        writer.write(self.id)
        self.bytes = writer.bytes
    }

    private static func id(of ids: [String]) -> String {
        var hash = SHA256()
        for id in ids { hash.update(data: Data("\(id)\n".utf8)) }
        return Data(hash.finalize().prefix(16)).base64EncodedString()
    }
}
