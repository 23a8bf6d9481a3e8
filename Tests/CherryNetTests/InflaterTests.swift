import Foundation
import NIOCore
import Testing

@testable import CherryNet

@Suite("Unpacking")
struct InflaterTests {
    static let hello = "H4sIAAAAAAACA6tWykjNyclXslIqzy/KSVGqBQDRQQnYEQAAAA=="

    static func packed(_ text: String) throws -> [UInt8] {
        Array(try #require(Data(base64Encoded: text)))
    }

    @Test("A body is the same wherever it is cut in two")
    func cuts() throws {
        let bytes = try Self.packed(Self.hello)
        for cut in 0...bytes.count {
            let inflater = try #require(Inflater(coding: "GZip"))
            var text = ""
            for piece in [bytes[..<cut], bytes[cut...]] {
                inflater.feed(ByteBuffer(bytes: piece))
                while let output = try inflater.next() { text += String(buffer: output) }
            }
            #expect(text == #"{"hello":"world"}"#)
            #expect(inflater.isWhole)
        }
    }

    @Test("zlib's format is known as deflate")
    func zlib() throws {
        let inflater = try #require(Inflater(coding: "deflate"))
        inflater.feed(ByteBuffer(bytes: try Self.packed("eJzLSM3JyQcABiwCFQ==")))
        #expect(try inflater.next().map { String(buffer: $0) } == "hello")
        #expect(inflater.isWhole)
    }

    @Test("A small body that is large when unpacked comes in small pieces")
    func bounded() throws {
        let inflater = try #require(Inflater(coding: "gzip"))
        inflater.feed(ByteBuffer(bytes: try Self.packed(Bombs.hundredThousandLetters)))
        var sizes: [Int] = []
        while let output = try inflater.next() { sizes.append(output.readableBytes) }
        #expect(sizes.reduce(0, +) == 100_000)
        #expect(try #require(sizes.max()) <= 16 * 1024)
    }

    @Test("A body that is cut off is not whole, one that does not come is")
    func truncated() throws {
        let inflater = try #require(Inflater(coding: "gzip"))
        #expect(inflater.isWhole)
        inflater.feed(ByteBuffer(bytes: try Self.packed(Self.hello).dropLast()))
        while try inflater.next() != nil {}
        #expect(!inflater.isWhole)
    }

    @Test("What follows the end is damage, and so is what is no packed body")
    func damaged() throws {
        let long = try #require(Inflater(coding: "gzip"))
        long.feed(ByteBuffer(bytes: try Self.packed(Self.hello) + [0]))
        #expect(throws: Inflater.Damaged.self) { while try long.next() != nil {} }
        let wrong = try #require(Inflater(coding: "gzip"))
        wrong.feed(ByteBuffer(string: "this is not packed"))
        #expect(throws: Inflater.Damaged.self) { try wrong.next() }
    }

    @Test("Other codings are left alone", arguments: ["", "identity", "br", "zstd", "gzip, gzip"])
    func others(_ coding: String) {
        #expect(Inflater(coding: coding) == nil)
    }
}

/// Packed bodies that are much larger than they look.
enum Bombs {
    static let hundredThousandLetters = """
        H4sIAAAAAAACA+3BMQEAAADCoKzrX8IaHkABAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAArwaH+uIboIYBAA==
        """
}
