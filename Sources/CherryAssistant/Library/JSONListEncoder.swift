import Foundation

/// Encodes the elements of a JSON array one by one, each with the comma before it.
struct JSONListEncoder {
    private var isEmpty = true
    private let encoder: JSONEncoder

    init() {
        self.encoder = JSONEncoder()
        self.encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
    }

    mutating func next(_ value: some Encodable) throws -> Data {
        let comma = self.isEmpty ? "\n" : ",\n"
        self.isEmpty = false
        return Data(comma.utf8) + (try self.encoder.encode(value))
    }
}
