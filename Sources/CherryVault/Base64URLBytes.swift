import Foundation

/// Bytes that are base64url text in JSON.
struct Base64URLBytes: Hashable, Sendable {
    var data: Data

    init(_ bytes: some Sequence<UInt8>) { self.data = Data(bytes) }

    var count: Int { self.data.count }
}

extension Base64URLBytes: Codable {
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let bytes = Base64URL.decode(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "expected base64url")
        }
        self.data = bytes
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(Base64URL.encode(self.data))
    }
}
