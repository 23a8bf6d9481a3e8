import Testing

@testable import LoadGenerator

@Suite("Answers that a load reads")
struct ResponseReaderTests {
    static func feed(_ text: String, cutAt cut: Int, to reader: inout ResponseReader) -> ResponseReader.Outcome {
        let bytes = Array(text.utf8)
        if cut > 0 {
            let first = bytes[..<cut].withUnsafeBytes { reader.feed($0) }
            if cut == bytes.count || first == .broken { return first }
            guard first == .partial else { return .broken }
        }
        return bytes[cut...].withUnsafeBytes { reader.feed($0) }
    }

    @Test("An answer with a length, cut at every byte")
    func length() {
        let text = "HTTP/1.1 200 OK\r\nContent-Type: x\r\ncontent-LENGTH:  5\r\n\r\nhello"
        for cut in 0...text.utf8.count {
            var reader = ResponseReader()
            #expect(Self.feed(text, cutAt: cut, to: &reader) == .complete, "cut at \(cut)")
            #expect(reader.answer == .init(status: 200, bodyBytes: 5, events: 0, keepsAlive: true))
        }
    }

    @Test("A stream in chunks, cut at every byte, with its events counted")
    func chunks() {
        let events = "data: a\n\ndata: b\r\n\r\nevent: x\ndata: c\n\n"
        let half = events.utf8.count / 2
        let (first, second) = (events.prefix(half), events.dropFirst(half))
        let text =
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
            + "\(String(first.utf8.count, radix: 16))\r\n\(first)\r\n"
            + "\(String(second.utf8.count, radix: 16));x=y\r\n\(second)\r\n0\r\nTrailer: z\r\n\r\n"
        for cut in 0...text.utf8.count {
            var reader = ResponseReader()
            #expect(Self.feed(text, cutAt: cut, to: &reader) == .complete, "cut at \(cut)")
            let whole = ResponseReader.Answer(
                status: 200,
                bodyBytes: events.utf8.count,
                events: 3,
                keepsAlive: false
            )
            #expect(reader.answer == whole, "cut at \(cut)")
        }
    }

    @Test("A body without a length ends with the connection; one with a length is then broken")
    func close() {
        var reader = ResponseReader()
        #expect(Self.feed("HTTP/1.1 200 OK\r\n\r\nabc", cutAt: 0, to: &reader) == .partial)
        #expect(reader.close() == .complete)
        #expect(reader.answer.keepsAlive == false)
        reader.reset()
        #expect(Self.feed("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", cutAt: 0, to: &reader) == .partial)
        #expect(reader.close() == .broken)
    }

    @Test("The next answer is read like the first, and a refusal is told")
    func reset() {
        var reader = ResponseReader()
        #expect(
            Self.feed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", cutAt: 0, to: &reader)
                == .complete
        )
        reader.reset()
        #expect(Self.feed("HTTP/1.1 429 No\r\nContent-Length: 0\r\n\r\n", cutAt: 0, to: &reader) == .complete)
        #expect(reader.answer == .init(status: 429))
    }

    @Test(
        "What is no HTTP is told",
        arguments: [
            "SSH-2.0-x\r\n", "HTTP/1.1 xyz\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab",
        ]
    )
    func broken(text: String) {
        var reader = ResponseReader()
        #expect(Self.feed(text, cutAt: 0, to: &reader) == .broken)
    }
}
