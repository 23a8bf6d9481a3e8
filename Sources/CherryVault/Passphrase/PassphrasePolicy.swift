public import CherryCore
import Foundation

/// Says why a passphrase would be guessed. The web app has the same rules; both run the same cases.
///
/// All rules look at the code points of the passphrase after NFKC, with ASCII letters in lower case. Let there be `n`.
/// - **tooShort**: `n` is below 12.
/// - **fewCharacters**: fewer than 5 of the code points are different.
/// - **repeated**: one block of at most 11 code points over and over, that is, for some `p` from 1 to 11 with `2p ≤ n`
///   each code point equals the one `p` before it; or there is a run of three or more equal code points, and with each
///   such run counted as one fewer than 8 are left.
/// - **sequence**: four code points in a row stand in the same order, or exactly backwards, in one of `rows`; mark
///   them. If any are marked and fewer than 8 are not, it is weak.
/// - **digitsOnly**: `n` is 1 to 19 and all are ASCII digits.
/// - **common**: take the code points without space, `-`, `_` and `.`; the same without trailing ASCII digits and
///   punctuation (`!` to `/`, `:` to `@`, `[` to the grave accent, `{` to `~`); and that without leading ones too. Of
///   each take it as it is, and with `0134578@$!` read as `oieastbasi`, and with `1` and `!` read as `l` instead. If any
///   of these nine is in the list of common passphrases, or is two of its entries one after the other, it is weak.
public enum PassphrasePolicy {
    /// Fewer code points are too few.
    public static let minimumLength = 12

    /// The alphabet, the digits and rows of keys, in which four neighbours make a sequence.
    static let rows = [
        "abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm",
        "azertyuiop", "qsdfghjklm", "wxcvbn", "1qaz2wsx3edc4rfv5tgb6yhn7ujm", "1q2w3e4r5t6y7u8i9o0p",
        "qazwsxedcrfvtgbyhnujm", "!@#$%^&*()",
    ]

    private static let windows: Set<[Unicode.Scalar]> = {
        var windows: Set<[Unicode.Scalar]> = []
        for row in rows {
            let row = Array(row.unicodeScalars)
            for start in 0...row.count - 4 {
                let window = Array(row[start..<start + 4])
                windows.insert(window)
                windows.insert(window.reversed())
            }
        }
        return windows
    }()

    private static let common = Set(CommonPassphrases.all.map { Array($0.unicodeScalars) })
    private static let longestCommon = common.map(\.count).max() ?? 0

    /// All the ways in which `passphrase` is weak, in the order of `Weakness`; empty when it is accepted.
    public static func check(_ passphrase: String) -> [Weakness] {
        let text = passphrase.precomposedStringWithCompatibilityMapping.unicodeScalars.map(self.lowercased)
        return Weakness.allCases.filter { self.has($0, text) }
    }

    /// Refuses a weak passphrase.
    ///
    /// - Throws: `VaultError` with code `.weakPassphrase` and all the reasons.
    public static func require(_ passphrase: Secret<String>) throws {
        let weaknesses = self.check(passphrase.exposed)
        guard !weaknesses.isEmpty else { return }
        throw VaultError(
            .weakPassphrase,
            message: "The passphrase is too easy to guess: \(weaknesses.map(\.reason).joined(separator: "; ")).",
            hint: "Four or more unrelated words make a good one."
        )
    }

    private static func has(_ weakness: Weakness, _ text: [Unicode.Scalar]) -> Bool {
        switch weakness {
        case .tooShort: text.count < self.minimumLength
        case .fewCharacters: Set(text).count < 5
        case .repeated: self.isBlockRepeated(text) || self.isMostlyRuns(text)
        case .sequence: self.isMostlySequences(text)
        case .digitsOnly: (1..<20).contains(text.count) && text.allSatisfy { ("0"..."9").contains($0) }
        case .common: self.candidates(text).contains(where: self.isCommon)
        }
    }

    private static func isBlockRepeated(_ text: [Unicode.Scalar]) -> Bool {
        guard text.count >= 2 else { return false }
        // One more than half: a block, something between, and the block again.
        return (1...min(11, (text.count + 1) / 2)).contains { period in
            (period..<text.count).allSatisfy { text[$0] == text[$0 - period] }
        }
    }

    private static func isMostlyRuns(_ text: [Unicode.Scalar]) -> Bool {
        var left = 0
        var hasRun = false
        var start = 0
        while start < text.count {
            let end = text[start...].firstIndex { $0 != text[start] } ?? text.count
            hasRun = hasRun || end - start >= 3
            left += end - start >= 3 ? 1 : end - start
            start = end
        }
        return hasRun && left < 8
    }

    private static func isMostlySequences(_ text: [Unicode.Scalar]) -> Bool {
        guard text.count >= 4 else { return false }
        var marked: Set<Int> = []
        for start in 0...text.count - 4 where self.windows.contains(Array(text[start..<start + 4])) {
            marked.formUnion(start..<start + 4)
        }
        return !marked.isEmpty && text.count - marked.count < 8
    }

    private static func candidates(_ text: [Unicode.Scalar]) -> [[Unicode.Scalar]] {
        let whole = text.filter { ![" ", "-", "_", "."].contains($0) }
        let headed = Array(whole[..<((whole.lastIndex { !self.isDecoration($0) } ?? -1) + 1)])
        let trimmed = Array(headed.drop(while: self.isDecoration))
        return [whole, headed, trimmed].flatMap { candidate in
            [candidate, candidate.map { self.plain($0, one: "i") }, candidate.map { self.plain($0, one: "l") }]
        }
    }

    private static func isCommon(_ candidate: [Unicode.Scalar]) -> Bool {
        guard candidate.count <= 2 * self.longestCommon else { return false }
        if self.common.contains(candidate) { return true }
        return candidate.indices.dropFirst().contains { split in
            self.common.contains(Array(candidate[..<split])) && self.common.contains(Array(candidate[split...]))
        }
    }

    private static func lowercased(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        ("A"..."Z").contains(scalar) ? Unicode.Scalar(UInt8(scalar.value) + 32) : scalar
    }

    private static func isDecoration(_ scalar: Unicode.Scalar) -> Bool {
        ("!"..."~").contains(scalar) && !("a"..."z").contains(scalar) && !("A"..."Z").contains(scalar)
    }

    private static func plain(_ scalar: Unicode.Scalar, one: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar {
        case "0": "o"
        case "1", "!": one
        case "3": "e"
        case "4", "@": "a"
        case "5", "$": "s"
        case "7": "t"
        case "8": "b"
        default: scalar
        }
    }
}
