import CherryCore

/// Reads what the Swift runtime wrote when the program crashed, in its text form:
///
///     Thread 0 "cherry" crashed:
///       0 [inlined] [system] 0x000056387a15f71f specialized Array.subscript.getter in cherry at //<compiler-generated>
///       1                    0x000056387a15f71f main + 63 in cherry at /build/Sources/cherry/main.swift:15:64
///
/// The text form holds neither registers nor memory, unlike the form in JSON. Of it only frames are taken.
struct CrashLog: Sendable, Hashable {
    /// The oldest call first.
    var frames: [SentryFrame]

    /// - Parameter program: the name of the program, whose frames are ours.
    /// - Returns: `nil` when no crashed thread is in it.
    init?(_ text: String, program: String) {
        var frames: [SentryFrame] = []
        var isInCrashedThread = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).prefix(10_000) {
            if line.hasPrefix("Thread ") {
                // Only the thread that crashed is told of.
                if !frames.isEmpty { break }
                isInCrashedThread = line.hasSuffix(" crashed:")
            } else if isInCrashedThread, let frame = Self.frame(line, program: program) {
                frames.append(frame)
            }
        }
        guard isInCrashedThread || !frames.isEmpty else { return nil }
        self.frames = frames.reversed()
    }

    /// `N [kind]… 0xADDRESS[ [kind]…] NAME[ + OFFSET] in IMAGE[ at FILE:LINE:COLUMN]`
    static func frame(_ line: Substring, program: String) -> SentryFrame? {
        var words = line.split(separator: " ")[...]
        guard let number = words.popFirst(), Int(number) != nil else { return nil }
        var isSystem = false
        while let word = words.first, word.hasPrefix("[") {
            isSystem = isSystem || word == "[system]"
            words.removeFirst()
        }
        guard let address = words.popFirst(), address.hasPrefix("0x") else { return nil }
        while let word = words.first, word.hasPrefix("["), word.hasSuffix("]") {
            isSystem = isSystem || word == "[system]"
            words.removeFirst()
        }
        var file: SourceFile?
        var place: (line: Int, column: Int)?
        if let at = words.lastIndex(of: "at"), at > words.startIndex {
            let parts = words[(at + 1)...].joined(separator: " ").split(separator: ":")
            file = parts.first.flatMap { SourceFile(source: String($0)) }
            if parts.count == 3, let line = Int(parts[1]), let column = Int(parts[2]) { place = (line, column) }
            words = words[..<at]
        }
        guard let of = words.lastIndex(of: "in"), of > words.startIndex, of + 1 < words.endIndex else { return nil }
        let image = words[of + 1]
        var name = words[..<of]
        if name.count > 2, name[name.endIndex - 2] == "+", Int(name[name.endIndex - 1]) != nil { name.removeLast(2) }
        return SentryFrame(
            function: SymbolName(compiled: name.joined(separator: " ")),
            module: SymbolName(compiled: String(image)),
            file: file,
            line: place?.line,
            column: place?.column,
            isOurs: image == program && !isSystem
        )
    }
}
