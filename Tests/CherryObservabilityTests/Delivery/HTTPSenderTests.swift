import NIOCore
import Testing

@testable import CherryNet
@testable import CherryObservability

@Suite("Bodies on their way to a destination")
struct HTTPSenderTests {
    private let body = Array(String(repeating: "a line of the log\n", count: 500).utf8)

    @Test("are packed over the internet")
    func packed() throws {
        let (bytes, headers) = HTTPSender.packed(self.body, for: .publicOnly)
        #expect(headers.map(\.name) == ["Content-Encoding"] && headers.map(\.value) == ["gzip"])
        #expect(bytes.count < self.body.count / 10)
        let inflater = try #require(Inflater(coding: "gzip"))
        inflater.feed(ByteBuffer(bytes: bytes))
        var unpacked: [UInt8] = []
        while let piece = try inflater.next() { unpacked += piece.readableBytesView }
        #expect(unpacked == self.body)
    }

    @Test("are sent as they are within the own network")
    func plain() {
        let (bytes, headers) = HTTPSender.packed(self.body, for: .anywhere)
        #expect(headers.isEmpty && bytes == self.body)
    }
}
