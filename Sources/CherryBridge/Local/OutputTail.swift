import Foundation
import Synchronization

/// The end of what a starting program prints, to say why it failed.
///
/// Sealed before the program sees anything that the user wrote: from then on nothing is kept.
final class OutputTail: Sendable {
    private static let limit = 2048

    /// `nil` once sealed.
    private let bytes = Mutex<[UInt8]?>([])

    /// Takes the next bytes.
    func append(_ more: [UInt8]) {
        self.bytes.withLock { bytes in
            guard let kept = bytes else { return }
            bytes = Array((kept + more).suffix(Self.limit))
        }
    }

    /// Forgets everything and keeps nothing any more.
    func seal() { self.bytes.withLock { $0 = nil } }

    /// The last line that is not empty, at most 200 characters, all of them printable.
    var lastLine: String? {
        guard let bytes = self.bytes.withLock({ $0 }) else { return nil }
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
        let line = lines.last { !$0.allSatisfy(\.isWhitespace) }
        return line.map { line in
            String(
                String.UnicodeScalarView(line.unicodeScalars.filter { !CharacterSet.controlCharacters.contains($0) })
            )
            .trimmingCharacters(in: .whitespaces)
        }.map { String($0.prefix(200)) }
    }
}
