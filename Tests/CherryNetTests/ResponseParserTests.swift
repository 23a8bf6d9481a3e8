import NIOCore
import Testing

@testable import CherryNet

@Suite("Reading of answers")
struct ResponseParserTests {
    /// What an answer came to.
    struct Outcome: Equatable {
        var status = 0
        var body = ""
        var isWhole = false
        var mayPersist = false
        var rest = ""
    }

    /// Reads `pieces` and, when nothing more comes, the closing.
    private func read(_ pieces: [String], expectsBody: Bool = true, closes: Bool = false) throws -> Outcome {
        var parser = ResponseParser()
        parser.begin(expectsBody: expectsBody)
        var outcome = Outcome()
        var rest = ByteBuffer()
        for piece in pieces {
            rest.writeString(piece)
            while let event = try parser.next(from: &rest) {
                switch event {
                case .head(let head): outcome.status = head.status
                case .body(let bytes): outcome.body += String(buffer: bytes)
                case .end: outcome.isWhole = true
                }
            }
        }
        if closes {
            try parser.close()
            outcome.isWhole = true
        }
        outcome.mayPersist = parser.mayPersist
        outcome.rest = String(buffer: rest)
        return outcome
    }

    static let answers: [(String, Outcome)] = [
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: y\r\n\r\nhello",
            Outcome(status: 200, body: "hello", isWhole: true, mayPersist: true)
        ),
        ("HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", Outcome(status: 200, isWhole: true, mayPersist: true)),
        (
            "HTTP/1.1 201 \r\nContent-Length: 2, 2\r\ncontent-length:2\r\nEmpty:\r\n\r\nok",
            Outcome(status: 201, body: "ok", isWhole: true, mayPersist: true)
        ),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n5\r\nhello\r\n00a;x=y\r\n, worlds!!\r\n0\r\nT: u\r\n\r\n",
            Outcome(status: 200, body: "hello, worlds!!", isWhole: true, mayPersist: true)
        ),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: x, Close\r\n\r\n1 \r\na\r\n0\r\n\r\n",
            Outcome(status: 200, body: "a", isWhole: true)
        ),
        (
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 404 N\r\nContent-Length: 1\r\n\r\nx",
            Outcome(status: 404, body: "x", isWhole: true, mayPersist: true)
        ),
        (
            "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n",
            Outcome(status: 204, isWhole: true, mayPersist: true)
        ),
        ("HTTP/1.1 304 Not Modified\r\n\r\n", Outcome(status: 304, isWhole: true, mayPersist: true)),
        ("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx", Outcome(status: 200, body: "x", isWhole: true)),
        (
            "HTTP/1.0 200 OK\r\nContent-Length: 1\r\nConnection: keep-alive\r\n\r\nx",
            Outcome(status: 200, body: "x", isWhole: true, mayPersist: true)
        ),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxHTTP/1.1",
            Outcome(status: 200, body: "x", isWhole: true, mayPersist: true, rest: "HTTP/1.1")
        ),
    ]

    @Test("An answer is the same wherever it is cut in two, and cut into single bytes", arguments: Self.answers)
    func cuts(_ text: String, _ outcome: Outcome) throws {
        let bytes = Array(text.utf8).map { String(UnicodeScalar($0)) }
        for cut in 0...bytes.count {
            #expect(try self.read([bytes[..<cut].joined(), bytes[cut...].joined()]) == outcome)
        }
        #expect(try self.read(bytes) == outcome)
    }

    @Test("A body without a length ends with the connection, which serves no more")
    func untilClose() throws {
        let text = "HTTP/1.1 200 OK\r\n\r\nhello"
        #expect(try self.read([text]) == Outcome(status: 200, body: "hello"))
        #expect(try self.read([text], closes: true) == Outcome(status: 200, body: "hello", isWhole: true))
    }

    @Test("An answer to HEAD has the length of a body that does not come")
    func head() throws {
        let text = "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"
        #expect(try self.read([text], expectsBody: false) == Outcome(status: 200, isWhole: true, mayPersist: true))
    }

    @Test("An answer that is cut off anywhere is not whole", arguments: Self.answers.dropLast())
    func truncated(_ text: String, _ outcome: Outcome) throws {
        for count in 0..<text.utf8.count {
            let cut = String(decoding: text.utf8.prefix(count), as: UTF8.self)
            #expect(throws: ResponseParser.Truncated.self) { try self.read([cut], closes: true) }
        }
    }

    @Test(
        "What could be read in two ways is no answer",
        arguments: [
            "SSH-2.0-OpenSSH_9.2\r\n", "<html>", "\r\nHTTP/1.1 200 OK\r\n\r\n", "HTTP/2.0 200 OK\r\n\r\n",
            "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n", "HTTP/1.1 020 OK\r\n\r\n", "HTTP/1.1  200 OK\r\n\r\n",
            "HTTP/1.1 200 OK\n\n", "HTTP/1.1 200 OK\r\nA: b\n\r\n", "HTTP/1.1 200 O\u{0}K\r\n\r\n",
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", "HTTP/1.1 200 OK\r\nA : b\r\n\r\n",
            "HTTP/1.1 200 OK\r\n A: b\r\n\r\n", "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n",
            "HTTP/1.1 200 OK\r\n: b\r\n\r\n",
            "HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "HTTP/1.1 200 OK\r\nA: b\rc\r\n\r\n",
            "HTTP/1.1 200 OK\r\nA: \u{0}\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1a\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 9999999999999999999999\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
        ]
            + [
                "\r\n", "g\r\n", "-1\r\n", "0x1\r\n", "1\nx", "1\rx", "1;\n", "1\r\nab", "1\r\na\n",
                "1000000000000000\r\n",
                "0\r\nT: u\n", "0\r\n\rx",
            ].map { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + $0 }
    )
    func malformed(_ text: String) {
        #expect(throws: ResponseParser.Malformed.self) { try self.read([text]) }
    }

    @Test(
        "What never ends is refused",
        arguments: [
            "HTTP/1.1 200 " + String(repeating: "x", count: 70_000),
            "HTTP/1.1 200 OK\r\n" + String(repeating: "A: b\r\n", count: 20_000),
            "HTTP/1.1 200 OK\r\n" + String(repeating: "A: b\r\n", count: 257) + "\r\n",
            String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 40),
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;" + String(repeating: "x", count: 70_000),
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + String(repeating: "A: b\r\n", count: 20_000),
        ]
    )
    func endless(_ text: String) {
        #expect(throws: ResponseParser.Malformed.self) { try self.read([text]) }
    }

    @Test("Nothing is read before an answer is expected")
    func early() throws {
        var parser = ResponseParser()
        var bytes = ByteBuffer(string: "HTTP/1.1 200 OK\r\n\r\n")
        let event = try parser.next(from: &bytes)
        #expect(event == nil)
        #expect(bytes.readableBytes > 0)
    }

    @Test("Fields are found whatever the case of their names, and lose the spaces around them")
    func fields() throws {
        var parser = ResponseParser()
        parser.begin(expectsBody: false)
        var bytes = ByteBuffer(string: "HTTP/1.1 200 OK\r\nX-One:\t a b \r\nx-two: 1\r\nX-TWO: 2\r\n\r\n")
        guard case .head(var head) = try parser.next(from: &bytes) else { throw ResponseParser.Truncated() }
        #expect(head.value(of: "x-oNE") == "a b")
        #expect(head.values(of: "x-two") == ["1", "2"])
        #expect(head.value(of: "x-three") == nil)
        #expect(head.all.map(\.name) == ["X-One", "x-two", "X-TWO"])
        head.forgetPacking()
        #expect(head.all.count == 3)
    }
}
