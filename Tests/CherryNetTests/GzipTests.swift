import NIOCore
import Testing

@testable import CherryNet

@Suite("Packing by gzip")
struct GzipTests {
    @Test("What was packed is unpacked again", arguments: [0, 1, 100, 70_000])
    func roundTrip(count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 / 3) }
        let packed = Gzip.pack(bytes)
        #expect(packed.starts(with: [0x1f, 0x8b, 8]))
        let inflater = try #require(Inflater(coding: "gzip"))
        inflater.feed(ByteBuffer(bytes: packed))
        var unpacked: [UInt8] = []
        while let piece = try inflater.next() { unpacked += piece.readableBytesView }
        #expect(unpacked == bytes)
        #expect(inflater.isWhole)
    }

    @Test("The same bytes are packed in the same way, without a time")
    func stable() {
        let bytes = Array("the same words, the same words, the same words".utf8)
        let packed = Gzip.pack(bytes)
        #expect(packed == Gzip.pack(bytes))
        #expect(packed[4..<8] == [0, 0, 0, 0])
        #expect(packed.count < bytes.count + 18)
    }
}
