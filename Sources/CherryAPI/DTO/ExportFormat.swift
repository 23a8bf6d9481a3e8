import AsyncAlgorithms
import CherryCore
import Foundation
import HTTPTypes
import Hummingbird

/// The forms in which the user's own words leave the vault.
enum ExportFormat: String, CaseIterable, Sendable {
    case json, markdown

    /// Reads the parameter of a query; Markdown when it is absent.
    init(parameter: String?) throws {
        guard let parameter else {
            self = .markdown
            return
        }
        guard let format = Self(rawValue: parameter) else {
            throw APIError.invalid("format: must be one of json, markdown.")
        }
        self = format
    }

    /// The answer that carries a file, written as it is read from the store.
    func response(
        named name: String,
        at time: Timestamp,
        _ write: @escaping @Sendable ((Data) async throws -> Void) async throws -> Void
    ) -> Response {
        let day = time.date.formatted(.iso8601.year().month().day())
        let suffix = self == .json ? "json" : "md"
        let headers: HTTPFields = [
            .contentType: self == .json ? "application/json" : "text/markdown; charset=utf-8",
            .contentDisposition: "attachment; filename=\"\(name)-\(day).\(suffix)\"",
        ]
        let body = ResponseBody { writer in
            // One piece at a time: the store is read no faster than the client takes it.
            let pieces = AsyncThrowingChannel<Data, any Error>()
            async let production: Void = Self.produce(write, into: pieces)
            for try await piece in pieces { try await writer.write(ByteBuffer(bytes: piece)) }
            await production
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: body)
    }

    private static func produce(
        _ write: @Sendable ((Data) async throws -> Void) async throws -> Void,
        into pieces: AsyncThrowingChannel<Data, any Error>
    ) async {
        do {
            try await write { piece in
                await pieces.send(piece)
                try Task.checkCancellation()
            }
            pieces.finish()
        } catch {
            pieces.fail(error)
        }
    }
}
