import CherryCore
import Crypto

/// Ties a file of the web app to its source map on a Sentry server.
///
/// It is a version 8 UUID (RFC 9562) made from the file's name, which has the hash of its content in it. So nothing has to
/// be written into the files that browsers load, and the server that takes a report knows the id by the name alone.
struct DebugID: Sendable, Hashable {
    /// A lower-case UUID.
    let text: String

    /// - Parameter name: as it is served: `/assets/main-A1B2C3D4.js`.
    init(bundle name: String) {
        var bytes = Array(SHA256.hash(data: Array("cherry source map\(name)".utf8)).prefix(16))
        bytes[6] = bytes[6] & 0x0f | 0x80
        bytes[8] = bytes[8] & 0x3f | 0x80
        let parts = [bytes[0..<4], bytes[4..<6], bytes[6..<8], bytes[8..<10], bytes[10..<16]]
        self.text = parts.map(\.hexadecimal).joined(separator: "-")
    }
}
