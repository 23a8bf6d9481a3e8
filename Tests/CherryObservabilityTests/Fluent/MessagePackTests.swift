import Testing

@testable import CherryObservability

enum MessagePackExamples {
    /// Values with the bytes that the specification gives them.
    static let known: [(MessagePackValue, [UInt8])] = [
        (.null, [0xc0]), (.bool(false), [0xc2]), (.bool(true), [0xc3]),
        (.integer(0), [0x00]), (.integer(127), [0x7f]), (.integer(128), [0xcc, 0x80]), (.integer(255), [0xcc, 0xff]),
        (.integer(256), [0xcd, 1, 0]), (.integer(65536), [0xce, 0, 1, 0, 0]),
        (.integer(1 << 32), [0xcf, 0, 0, 0, 1, 0, 0, 0, 0]), (.large(.max), [0xcf] + Array(repeating: 0xff, count: 8)),
        (.integer(-1), [0xff]), (.integer(-32), [0xe0]), (.integer(-33), [0xd0, 0xdf]),
        (.integer(-129), [0xd1, 0xff, 0x7f]), (.integer(-32769), [0xd2, 0xff, 0xff, 0x7f, 0xff]),
        (.integer(.min), [0xd3, 0x80, 0, 0, 0, 0, 0, 0, 0]),
        (.number(1.5), [0xcb, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0]),
        (.string(""), [0xa0]), (.string("ü"), [0xa2, 0xc3, 0xbc]), (.binary([]), [0xc4, 0]),
        (.binary([1, 2]), [0xc4, 2, 1, 2]), (.array([]), [0x90]), (.array([.null, .integer(1)]), [0x92, 0xc0, 1]),
        (.map([]), [0x80]), (["a": .integer(1)], [0x81, 0xa1, 0x61, 1]),
        (.ext(type: -1, bytes: [9]), [0xd4, 0xff, 9]), (.ext(type: 5, bytes: [1, 2, 3]), [0xc7, 3, 5, 1, 2, 3]),
        (.ext(type: 0, bytes: Array(1...8)), [0xd7, 0, 1, 2, 3, 4, 5, 6, 7, 8]),
    ]

    /// One value of every size class.
    static let sized: [MessagePackValue] =
        [31, 32, 255, 256, 40_000].flatMap { count -> [MessagePackValue] in
            [.string(String(repeating: "s", count: count)), .binary(Array(repeating: 7, count: count))]
        }
        + [15, 16, 300].flatMap { count -> [MessagePackValue] in
            [
                .array(Array(repeating: .integer(1), count: count)),
                .map((0..<count).map { .init(key: .integer(Int64($0)), value: .null) }),
            ]
        }
        + [1, 2, 4, 8, 16, 17, 256].map { .ext(type: 3, bytes: Array(repeating: 1, count: $0)) }
}

@Suite("MessagePack")
struct MessagePackTests {
    private func read(_ bytes: [UInt8]) throws -> MessagePackValue? {
        var reader = MessagePackReader()
        reader.append(bytes)
        return try reader.next()
    }

    @Test("Values are written as the specification says, and read again", arguments: MessagePackExamples.known.indices)
    func known(index: Int) throws {
        let (value, bytes) = MessagePackExamples.known[index]
        #expect(MessagePackWriter.bytes(value) == bytes)
        #expect(try self.read(bytes) == value)
    }

    @Test("Values of every size read as they were written", arguments: MessagePackExamples.sized.indices)
    func sized(index: Int) throws {
        let value = MessagePackExamples.sized[index]
        #expect(try self.read(MessagePackWriter.bytes(value)) == value)
    }

    @Test("Longer forms than needed are read too")
    func longForms() throws {
        #expect(try self.read([0xd9, 1, 0x61]) == .string("a"))
        #expect(try self.read([0xdb, 0, 0, 0, 1, 0x61]) == .string("a"))
        #expect(try self.read([0xcd, 0, 1]) == .integer(1))
        #expect(try self.read([0xdd, 0, 0, 0, 1, 0xc0]) == .array([.null]))
        #expect(try self.read([0xdf, 0, 0, 0, 1, 0xa1, 0x61, 0xc3]) == ["a": .bool(true)])
        #expect(try self.read([0xca, 0x3f, 0xc0, 0, 0]) == .number(1.5))
    }

    @Test("Values that arrive byte by byte, several together, are read in turn; a part is none")
    func split() throws {
        let values = MessagePackExamples.known.map(\.0)
        var reader = MessagePackReader()
        var read: [MessagePackValue] = []
        for byte in values.flatMap(MessagePackWriter.bytes) {
            reader.append([byte])
            while let value = try reader.next() { read.append(value) }
        }
        #expect(read == values)

        for (_, bytes) in MessagePackExamples.known {
            for count in bytes.indices { #expect(try self.read(Array(bytes[..<count])) == nil) }
        }
    }

    @Test("What is no MessagePack is refused", arguments: [[0xc1], [0xa1, 0xff], [0x92, 0x01, 0xc1]] as [[UInt8]])
    func malformed(_ bytes: [UInt8]) {
        #expect(throws: MessagePackReader.Failure.malformed) { try self.read(bytes) }
    }

    @Test(
        "What announces more than servers have to say is refused at once",
        arguments: [
            [0xdb, 0xff, 0xff, 0xff, 0xff], [0xc6, 0x7f, 0xff, 0xff, 0xff], [0xdd, 0xff, 0xff, 0xff, 0xff],
            [0xdf, 0xff, 0xff, 0xff, 0xff], [0xc9, 0xff, 0xff, 0xff, 0xff, 0],
            Array(repeating: 0x91, count: 100),
        ] as [[UInt8]]
    )
    func tooLarge(_ bytes: [UInt8]) {
        #expect(throws: MessagePackReader.Failure.tooLarge) { try self.read(bytes) }
    }

    @Test("A value that never ends is refused")
    func endless() throws {
        var reader = MessagePackReader()
        reader.append([0xda, 0xff, 0xff])
        #expect(throws: MessagePackReader.Failure.tooLarge) {
            for _ in 0...64 {
                reader.append(Array(repeating: 0x61, count: 1024))
                if try reader.next() != nil { break }
            }
        }
    }
}

extension MessagePackValue: ExpressibleByDictionaryLiteral {
    init(dictionaryLiteral elements: (String, MessagePackValue)...) {
        self = .map(elements.map { Member(key: .string($0.0), value: $0.1) })
    }
}
