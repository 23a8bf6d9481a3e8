import Foundation

/// Names the functions of this program by their addresses in memory.
///
/// The runtime can do so too, with files and lines, but takes seconds for a large program that was built for debugging.
struct ProgramSymbols: Sendable {
    /// Of the program in which this runs, read from its file at the first need; `nil` when it has no table of symbols.
    static let own = ProgramSymbols()

    private let symbols: ELFSymbols
    /// How far from its file's addresses the program lies.
    private let shift: UInt64

    private init?() {
        let path = "/proc/self/exe"
        guard let program = try? FileManager.default.destinationOfSymbolicLink(atPath: path),  // unreadable: no names
            let maps = FileManager.default.contents(atPath: "/proc/self/maps"),
            let start = Self.start(of: program, in: String(decoding: maps, as: UTF8.self)),
            let file = try? Data(contentsOf: URL(filePath: path), options: .alwaysMapped),  // the same
            let symbols = ELFSymbols(file)
        else { return nil }
        self.symbols = symbols
        self.shift = start &- symbols.base
    }

    /// Where the first byte of a program's file lies, by the kernel's list of what is mapped:
    /// `55d0c8a00000-55d0c8c22000 r--p 00000000 08:01 1573 /opt/cherry/bin/cherry`.
    static func start(of program: String, in maps: String) -> UInt64? {
        for line in maps.split(separator: "\n") {
            let fields = line.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: true)
            guard fields.count == 6, fields[5].drop(while: { $0 == " " }) == program, UInt64(fields[2], radix: 16) == 0
            else { continue }
            return fields[0].split(separator: "-").first.flatMap { UInt64($0, radix: 16) }
        }
        return nil
    }

    /// The function at an address of this process; `nil` for what is not the program's, such as a library's.
    func frame(at address: UInt64) -> SentryFrame? {
        guard let mangled = self.symbols.name(at: address &- self.shift) else { return nil }
        let name = SwiftName.demangled(mangled)
        guard !SwiftName.isThunk(name), let function = SymbolName(compiled: name) else { return nil }
        let module = SwiftName.module(of: mangled)
        return SentryFrame(
            function: function,
            module: module.flatMap { SymbolName(compiled: $0) },
            isOurs: module.map { $0.hasPrefix("Cherry") || $0 == "cherry" } ?? false
        )
    }
}
