import Foundation

/// Gathers small pieces and hands them on in larger ones.
struct PieceWriter: ~Copyable {
    private static let size = 64 * 1024
    private var piece = Data()
    private let write: (Data) async throws -> Void

    init(to write: @escaping (Data) async throws -> Void) { self.write = write }

    mutating func append(_ data: Data) async throws {
        self.piece.append(data)
        if self.piece.count >= Self.size { try await self.flush() }
    }

    mutating func append(_ text: String) async throws { try await self.append(Data(text.utf8)) }

    /// Hands on what is left.
    mutating func flush() async throws {
        guard !self.piece.isEmpty else { return }
        try await self.write(self.piece)
        self.piece = Data()
    }
}
