import HTTPTypes
import HummingbirdCore
import NIOCore
import Testing

@testable import CherryAPI

@Suite("Answers in bytes")
struct AnswerOutputTests {
    private static let date = "Tue, 24 Nov 2026 20:00:00 GMT"

    private func text(_ response: Response, pieces: [String], closes: Bool = false) -> [String] {
        var output = AnswerOutput()
        output.begin(response, date: Self.date, closes: closes)
        let body = pieces.map { output.piece(ByteBuffer(string: $0)) }
        return (body + [output.finish()].compactMap(\.self)).map { String(buffer: $0) }
    }

    @Test("A whole answer goes out with its head")
    func whole() {
        let response = Response(
            status: .ok,
            headers: [.contentType: "application/json"],
            body: .init(byteBuffer: ByteBuffer(string: "{}"))
        )
        #expect(
            self.text(response, pieces: ["{}"]) == [
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nDate: \(Self.date)\r\n\r\n{}"
            ]
        )
    }

    @Test("One without a body has a head all the same, and says that the connection closes")
    func empty() {
        #expect(
            self.text(Response(status: .notFound), pieces: [], closes: true) == [
                "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nDate: \(Self.date)\r\nConnection: close\r\n\r\n"
            ]
        )
    }

    @Test("A stream goes out piece by piece, in chunks, and ends with an empty one")
    func stream() {
        let response = Response(status: .ok, body: .init { _ in })
        let long = String(repeating: "x", count: 300)
        #expect(
            self.text(response, pieces: ["a", long]) == [
                "HTTP/1.1 200 OK\r\nDate: \(Self.date)\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n",
                "12c\r\n\(long)\r\n", "0\r\n\r\n",
            ]
        )
        #expect(self.text(response, pieces: []).joined().hasSuffix("\r\n\r\n0\r\n\r\n"))
    }
}
