public import Foundation

/// Binary values as text: base64 with the URL alphabet and without padding (RFC 4648, section 5).
///
/// Strict: each value has exactly one text, so a changed character is either refused or a changed value.
public enum Base64URL {
    /// Writes bytes as text.
    public static func encode(_ bytes: some Sequence<UInt8>) -> String {
        Data(bytes).base64EncodedString()
            .replacing("+", with: "-")
            .replacing("/", with: "_")
            .replacing("=", with: "")
    }

    /// Reads text.
    ///
    /// - Returns: `nil` for anything that `encode` would not have written.
    public static func decode(_ text: String) -> Data? {
        guard !text.utf8.contains(where: { $0 == 0x2B || $0 == 0x2F || $0 == 0x3D }) else { return nil }
        var padded = text.replacing("-", with: "+").replacing("_", with: "/")
        padded.append(String(repeating: "=", count: (4 - padded.utf8.count % 4) % 4))
        guard let bytes = Data(base64Encoded: padded), self.encode(bytes) == text else { return nil }
        return bytes
    }
}
