import Foundation

/// Names of functions as the Swift compiler writes them into a program.
enum SwiftName {
    /// The readable form: `Vault.open(_:)` for `$s11CherryVault0B0V4openyyF`; the same text when it is no such name.
    static func demangled(_ mangled: String) -> String {
        guard mangled.hasPrefix("$s") || mangled.hasPrefix("$S") else { return mangled }
        return mangled.utf8.withContiguousStorageIfAvailable { bytes in
            bytes.withMemoryRebound(to: CChar.self) { name in
                guard let text = demangle(name.baseAddress, UInt(name.count), nil, nil) else { return mangled }
                defer { free(text) }
                return String(cString: text)
            }
        } ?? mangled
    }

    /// The module that a function is written in: `$s`, then its length and its name.
    static func module(of mangled: String) -> String? {
        guard mangled.hasPrefix("$s") || mangled.hasPrefix("$S") else { return nil }
        let rest = mangled.utf8.dropFirst(2)
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        guard digits.count < 4, digits.first != 0x30, let length = Int(Substring(digits)), length > 0,
            rest.count >= digits.count + length
        else { return nil }
        return String(Substring(rest.dropFirst(digits.count).prefix(length)))
    }

    /// Whether the compiler put a function between two others only to pass a call on.
    static func isThunk(_ name: String) -> Bool {
        ["partial apply for ", "thunk for ", "reabstraction thunk ", "protocol witness for ", "dispatch thunk of "]
            .contains { name.hasPrefix($0) }
    }

    /// What the runtime's own crash log uses: without modules and without the types of arguments. The result is the
    /// caller's to free.
    @_silgen_name("_swift_backtrace_demangle")
    private static func demangle(
        _ name: UnsafePointer<CChar>?,
        _ length: UInt,
        _ buffer: UnsafeMutablePointer<CChar>?,
        _ size: UnsafeMutablePointer<UInt>?
    ) -> UnsafeMutablePointer<CChar>?
}
