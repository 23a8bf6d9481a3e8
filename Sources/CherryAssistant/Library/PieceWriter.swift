import Foundation

/// Gathers small pieces of a document and hands them on in larger ones.
struct PieceWriter {
    private static let size = 64 * 1024
    private var piece = Data()

    mutating func append(_ data: Data, to write: (Data) async throws -> Void) async throws {
        self.piece.append(data)
        if self.piece.count >= Self.size { try await self.flush(to: write) }
    }

    mutating func append(_ text: String, to write: (Data) async throws -> Void) async throws {
        try await self.append(Data(text.utf8), to: write)
    }

    /// Hands on what is left.
    mutating func flush(to write: (Data) async throws -> Void) async throws {
        guard !self.piece.isEmpty else { return }
        try await write(self.piece)
        self.piece = Data()
    }
}
