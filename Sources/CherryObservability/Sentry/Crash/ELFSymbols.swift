import Foundation

/// The functions of a program, by the places that they have in it: the table `.symtab` of its ELF file.
///
/// Follows the System V ABI, "Object Files", for files of 64 bits with the lowest byte first. A file may be damaged or cut
/// off: what cannot be read is not there.
struct ELFSymbols: Sendable {
    /// Where the first byte of the file is to lie; what is loaded lies relative to it.
    let base: UInt64
    /// Where the program's code lies.
    let code: Range<UInt64>

    private let file: Data
    private let symbols: Range<Int>
    private let names: Range<Int>
    /// For each stretch of `stretch` bytes of code, where its symbols begin in `order`.
    private let starts: [UInt32]
    /// The numbers of the functions' symbols, by stretch.
    private let order: [UInt32]

    private static let headerSize = 64
    private static let symbolSize = 24
    private static let stretch = 12
    /// Functions are found that begin so many stretches before an address: up to 256 KiB.
    private static let stretchesBack = 64
    private static let longestCode: UInt64 = 1 << 32
    private static let longestName = 16 * 1024

    /// Reads where the functions are. Takes one walk over the table, some milliseconds in a large program.
    ///
    /// - Returns: `nil` for a file of another form, or without a table.
    init?(_ file: Data) {
        let layout = file.withUnsafeBytes { Layout($0) }
        guard let layout else { return nil }
        let index = file.withUnsafeBytes { Self.index($0, layout) }
        self.file = file
        self.base = layout.base
        self.code = layout.code
        self.symbols = layout.symbols
        self.names = layout.names
        self.starts = index.starts
        self.order = index.order
    }

    /// The name, as the compiler mangled it, of the function that an address lies in.
    func name(at address: UInt64) -> String? {
        guard self.code.contains(address) else { return nil }
        return self.file.withUnsafeBytes { bytes in
            let last = Int((address - self.code.lowerBound) >> Self.stretch)
            for stretch in (max(0, last - Self.stretchesBack)...last).reversed() {
                for place in self.starts[stretch]..<self.starts[stretch + 1] {
                    let symbol = self.symbols.lowerBound + Int(self.order[Int(place)]) * Self.symbolSize
                    let value = bytes.number(UInt64.self, at: symbol + 8)
                    let size = bytes.number(UInt64.self, at: symbol + 16)
                    guard address >= value, address - value < size else { continue }
                    return self.text(bytes, at: Int(bytes.number(UInt32.self, at: symbol)))
                }
            }
            return nil
        }
    }

    private func text(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> String? {
        guard offset < self.names.count else { return nil }
        let rest = UnsafeRawBufferPointer(rebasing: bytes[self.names]).dropFirst(offset).prefix(Self.longestName)
        guard let end = rest.firstIndex(of: 0) else { return nil }
        return String(validating: rest[..<end], as: UTF8.self)
    }

    /// Sorts the functions into stretches, by counting.
    private static func index(
        _ bytes: UnsafeRawBufferPointer,
        _ layout: Layout
    ) -> (starts: [UInt32], order: [UInt32]) {
        let count = layout.symbols.count / Self.symbolSize
        let (low, high) = (layout.code.lowerBound, layout.code.upperBound)
        let stretches = Int((high - low) >> Self.stretch) + 1
        var starts = [UInt32](repeating: 0, count: stretches + 1)
        // Plain loops over pointers: this has to be quick without optimisation too.
        var total: UInt32 = 0
        starts.withUnsafeMutableBufferPointer { starts in
            var place = layout.symbols.lowerBound
            var number = 0
            while number < count {
                if bytes[place + 4] & 15 == 2 {
                    let value = bytes.number(UInt64.self, at: place + 8)
                    if value >= low, value < high { starts[Int((value &- low) >> Self.stretch) + 1] += 1 }
                }
                place += Self.symbolSize
                number += 1
            }
            var stretch = 1
            while stretch <= stretches {
                total += starts[stretch]
                starts[stretch] = total
                stretch += 1
            }
        }
        var next = starts
        var order = [UInt32](repeating: 0, count: Int(total))
        order.withUnsafeMutableBufferPointer { order in
            next.withUnsafeMutableBufferPointer { next in
                var place = layout.symbols.lowerBound
                var number = 0
                while number < count {
                    if bytes[place + 4] & 15 == 2 {
                        let value = bytes.number(UInt64.self, at: place + 8)
                        if value >= low, value < high {
                            let stretch = Int((value &- low) >> Self.stretch)
                            order[Int(next[stretch])] = UInt32(number)
                            next[stretch] += 1
                        }
                    }
                    place += Self.symbolSize
                    number += 1
                }
            }
        }
        return (starts, order)
    }

    /// Where the parts are that matter, all of them within the file.
    private struct Layout {
        var base: UInt64
        var code: Range<UInt64>
        var symbols: Range<Int>
        var names: Range<Int>

        init?(_ bytes: UnsafeRawBufferPointer) {
            // Magic number, 64 bits, lowest byte first.
            guard bytes.count >= ELFSymbols.headerSize, bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2, 1]),
                let segments = Self.segments(bytes), let tables = Self.tables(bytes)
            else { return nil }
            (self.base, self.code) = segments
            (self.symbols, self.names) = tables
        }

        /// Where the first loaded segment and the code are to lie.
        private static func segments(_ bytes: UnsafeRawBufferPointer) -> (base: UInt64, code: Range<UInt64>)? {
            let size = Int(bytes.number(UInt16.self, at: 0x36))
            let count = Int(bytes.number(UInt16.self, at: 0x38))
            guard size >= 56, let table = Self.range(bytes, bytes.number(UInt64.self, at: 0x20), UInt64(size * count))
            else { return nil }
            var base: UInt64?
            var code: Range<UInt64>?
            for place in stride(from: table.lowerBound, to: table.upperBound, by: size) {
                // Loaded segments alone.
                guard bytes.number(UInt32.self, at: place) == 1 else { continue }
                let address = bytes.number(UInt64.self, at: place + 16)
                let (end, overflows) = address.addingReportingOverflow(bytes.number(UInt64.self, at: place + 40))
                guard !overflows else { return nil }
                if bytes.number(UInt64.self, at: place + 8) == 0 { base = base ?? address }
                // What may be executed.
                guard bytes.number(UInt32.self, at: place + 4) & 1 == 1, code == nil else { continue }
                guard end - address <= ELFSymbols.longestCode else { return nil }
                code = address..<end
            }
            guard let base, let code, !code.isEmpty else { return nil }
            return (base, code)
        }

        /// The table of symbols and the table of their names.
        private static func tables(_ bytes: UnsafeRawBufferPointer) -> (symbols: Range<Int>, names: Range<Int>)? {
            let size = Int(bytes.number(UInt16.self, at: 0x3A))
            let count = Int(bytes.number(UInt16.self, at: 0x3C))
            guard size >= 64, let table = Self.range(bytes, bytes.number(UInt64.self, at: 0x28), UInt64(size * count))
            else { return nil }
            func section(_ number: Int) -> Range<Int>? {
                let place = table.lowerBound + number * size
                return Self.range(
                    bytes,
                    bytes.number(UInt64.self, at: place + 24),
                    bytes.number(UInt64.self, at: place + 32)
                )
            }
            for number in 0..<count {
                let place = table.lowerBound + number * size
                // SHT_SYMTAB; the section that it links to has the names.
                guard bytes.number(UInt32.self, at: place + 4) == 2 else { continue }
                let link = Int(bytes.number(UInt32.self, at: place + 40))
                guard link < count, let symbols = section(number), let names = section(link),
                    bytes.number(UInt64.self, at: place + 56) == UInt64(ELFSymbols.symbolSize)
                else { return nil }
                return (symbols, names)
            }
            return nil
        }

        /// A part of the file; `nil` when it is not all there.
        private static func range(_ bytes: UnsafeRawBufferPointer, _ offset: UInt64, _ size: UInt64) -> Range<Int>? {
            let (end, overflows) = offset.addingReportingOverflow(size)
            guard !overflows, end <= UInt64(bytes.count) else { return nil }
            return Int(offset)..<Int(end)
        }
    }
}

extension UnsafeRawBufferPointer {
    /// A number of the file.
    @inline(__always)
    fileprivate func number<Number: FixedWidthInteger & BitwiseCopyable>(_: Number.Type, at offset: Int) -> Number {
        Number(littleEndian: self.loadUnaligned(fromByteOffset: offset, as: Number.self))
    }
}
