import CherryCore
import Crypto
import Foundation

/// Bytes under AES-GCM, bound to the entry and the part of it that they belong to.
struct SemanticSeal {
    enum Part: UInt8 { case probe, answer }

    let combined: Data

    init?(_ plain: [UInt8], with key: SymmetricKey, as id: RecordID, part: Part) {
        // Fails only for a key of the wrong size.
        guard
            let combined = try? AES.GCM.seal(plain, using: key, authenticating: id.bytes + [part.rawValue]).combined
        else { return nil }
        self.combined = combined
    }

    var count: Int { self.combined.count }

    func open(with key: SymmetricKey, as id: RecordID, part: Part) -> [UInt8]? {
        // What does not open was not kept under this key, and is as good as forgotten.
        guard let box = try? AES.GCM.SealedBox(combined: self.combined),
            let plain = try? AES.GCM.open(box, using: key, authenticating: id.bytes + [part.rawValue])
        else { return nil }
        return Array(plain)
    }
}
