import Foundation
import Testing

@testable import CherryObservability

@Suite("Names of the program's functions")
struct ELFSymbolsTests {
    /// A small file: one loaded segment of code at 0x1000, two functions and a variable.
    static let file: Data = {
        var bytes = [UInt8](repeating: 0, count: 64)
        func put(_ value: UInt64, _ size: Int, at offset: Int) {
            for index in 0..<size { bytes[offset + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index)) }
        }
        func grow(_ count: Int) -> Int {
            bytes += [UInt8](repeating: 0, count: count)
            return bytes.count - count
        }
        bytes.replaceSubrange(0..<6, with: [0x7F, 0x45, 0x4C, 0x46, 2, 1])
        let segment = grow(56)
        put(1, 4, at: segment)
        put(5, 4, at: segment + 4)
        put(0x1000, 8, at: segment + 16)
        put(0x20000, 8, at: segment + 40)
        put(UInt64(segment), 8, at: 0x20)
        put(56, 2, at: 0x36)
        put(1, 2, at: 0x38)
        let names = grow(0)
        bytes += Array("\0$s11CherryVault0B0V4openyyF\0plain\0table\0".utf8)
        let namesSize = bytes.count - names
        let symbols = grow(4 * 24)
        for (index, symbol) in [(0, 0, 0, 0), (1, 2, 0x2000, 0x40), (29, 2, 0x3000, 0x3000), (35, 1, 0x2000, 0x40)]
            .enumerated()
        {
            let place = symbols + index * 24
            put(UInt64(symbol.0), 4, at: place)
            put(UInt64(symbol.1), 1, at: place + 4)
            put(UInt64(symbol.2), 8, at: place + 8)
            put(UInt64(symbol.3), 8, at: place + 16)
        }
        let sections = grow(2 * 64)
        put(3, 4, at: sections + 4)
        put(UInt64(names), 8, at: sections + 24)
        put(UInt64(namesSize), 8, at: sections + 32)
        put(2, 4, at: sections + 64 + 4)
        put(UInt64(symbols), 8, at: sections + 64 + 24)
        put(4 * 24, 8, at: sections + 64 + 32)
        put(0, 4, at: sections + 64 + 40)
        put(24, 8, at: sections + 64 + 56)
        put(UInt64(sections), 8, at: 0x28)
        put(64, 2, at: 0x3A)
        put(2, 2, at: 0x3C)
        return Data(bytes)
    }()

    static let addresses: [UInt64] = [0, 0x1000, 0x2000, 0x203F, 0x2040, 0x3000, 0x5FFF, 0x6000, 0x20FFF, .max]

    @Test("An address has the name of the function that it lies in, and no other")
    func names() throws {
        let symbols = try #require(ELFSymbols(Self.file))
        #expect(symbols.base == 0x1000)
        #expect(symbols.code == 0x1000..<0x21000)
        #expect(
            Self.addresses.map(symbols.name) == [
                nil, nil, "$s11CherryVault0B0V4openyyF", "$s11CherryVault0B0V4openyyF", nil, "plain", "plain", nil, nil,
                nil,
            ]
        )
    }

    @Test("A file that is cut off has no names, or those that it had")
    func truncated() throws {
        for length in 0..<Self.file.count {
            guard let symbols = ELFSymbols(Self.file.prefix(length)) else { continue }
            for address in Self.addresses { _ = symbols.name(at: address) }
            Issue.record("A file of \(length) bytes still had a table behind its end.")
        }
    }

    @Test("A file with any byte damaged is read without harm", arguments: [0x00, 0x01, 0x7F, 0x80, 0xFF] as [UInt8])
    func damaged(byte: UInt8) {
        for offset in Self.file.indices {
            var file = Self.file
            file[offset] = byte
            guard let symbols = ELFSymbols(file) else { continue }
            for address in Self.addresses {
                let name = symbols.name(at: address)
                #expect((name?.utf8.count ?? 0) <= file.count)
            }
        }
    }

    @Test("Numbers as large as they can be are no reason to stop", arguments: [0x20, 0x28, 0x50, 0x68] as [Int])
    func overflow(offset: Int) {
        for value in [UInt64.max, UInt64.max - 63, 1 << 63, UInt64(Self.file.count)] {
            var file = Self.file
            for index in 0..<8 { file[offset + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index)) }
            let symbols = ELFSymbols(file)
            _ = symbols?.name(at: 0x2000)
        }
    }

    @Test("The start of a program is where the first byte of its file is mapped")
    func maps() {
        let maps = """
            55d0c8a00000-55d0c8c22000 r--p 00000000 08:01 1573                       /opt/my cherry/bin/cherry
            55d0c8c22000-55d0c9000000 r-xp 00222000 08:01 1573                       /opt/my cherry/bin/cherry
            7f0000000000-7f0000001000 r--p 00000000 08:01 99                         /lib/libc.so.6
            7ffd00000000-7ffd00021000 rw-p 00000000 00:00 0                          [stack]
            """
        #expect(ProgramSymbols.start(of: "/opt/my cherry/bin/cherry", in: maps) == 0x55d0_c8a0_0000)
        #expect(ProgramSymbols.start(of: "/lib/libc.so.6", in: maps) == 0x7f00_0000_0000)
        #expect(ProgramSymbols.start(of: "/opt/cherry", in: maps) == nil)
        #expect(ProgramSymbols.start(of: "", in: maps) == nil)
        #expect(ProgramSymbols.start(of: "x", in: "a b c d e x\n-- 0 0 0 0 x") == nil)
    }

    @Test("A name says its module, and is shown without it")
    func swiftNames() {
        let name = "$s11CherryVault0B0V4openyyF"
        #expect(SwiftName.module(of: name) == "CherryVault")
        #expect(SwiftName.demangled(name) == "Vault.open()")
        for other in ["main", "$s", "$s0", "$s99A", "$s1", "$sSa4pushyyF", "$s99999999999999999999A"] {
            #expect(SwiftName.module(of: other) == nil)
        }
        #expect(SwiftName.demangled("main") == "main")
    }

    @Test("The stack of a caller has its name")
    func ownStack() throws {
        let symbols = try #require(ProgramSymbols.own)
        let frames = try #require(StackCapture()).frames(symbols)
        #expect(frames.last?.function?.text.contains("StackCapture.init()") == true)
        #expect(frames.contains { $0.function?.text.contains("ELFSymbolsTests.ownStack()") == true })
        #expect(frames.contains { $0.module?.text == "CherryObservabilityTests" && $0.isOurs })
    }
}
