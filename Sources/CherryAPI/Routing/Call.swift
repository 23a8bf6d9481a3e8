import CherryCore
import Foundation
import HTTPTypes
import Hummingbird

/// One request that has passed its checks, as a handler sees it.
struct Call: Sendable {
    let request: Request
    let context: AppRequestContext
    let bodyLimit: Int
    /// The session; `nil` on a route that is open to anybody.
    let openSession: Session?

    /// The session of a route that asks for one.
    var session: Session {
        get throws {
            guard let session = self.openSession else { throw APIError.unauthenticated }
            return session
        }
    }

    /// The id in the path. One that is no id names nothing.
    func id(of what: String) throws -> RecordID {
        guard let text = self.context.parameters.get("id"), let id = RecordID(text) else {
            throw APIError.notFound(what)
        }
        return id
    }

    /// The parameters after the question mark.
    func query() throws -> Query { try Query(self.request.uri) }

    /// The body as one JSON object.
    func fields() async throws -> Fields { try Fields(try await self.json()) }

    /// The bytes of a JSON body that is known to be UTF-8 and not too deep.
    func jsonData() async throws -> Data {
        try self.checkContentType()
        let buffer = try await BodyReader(request: self.request, limit: self.bodyLimit).collect()
        do {
            try JSONScan.check(buffer.readableBytesView)
        } catch .invalidUTF8 {
            throw APIError.malformedJSON("The body is not valid UTF-8.")
        } catch .unbalanced {
            throw APIError.malformedJSON("The body is not valid JSON: it ends too early or closes too often.")
        } catch .tooDeep {
            throw APIError(
                .badRequest,
                "tooDeep",
                "The body nests deeper than \(JSONScan.maximumDepth) levels."
            )
        }
        return Data(buffer.readableBytesView)
    }

    private func json() async throws -> JSONValue {
        let data = try await self.jsonData()
        do {
            return try JSONDecoder().decode(JSONValue.self, from: data)
        } catch {
            throw APIError.malformedJSON("The body is not valid JSON.")
        }
    }

    private func checkContentType() throws {
        let type = self.request.headers[.contentType]?.lowercased() ?? ""
        let parts = type.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
        guard parts.first == "application/json", parts.dropFirst().allSatisfy({ $0 == "charset=utf-8" }) else {
            throw APIError(
                .unsupportedMediaType,
                "unsupportedMediaType",
                "The body must be application/json in UTF-8."
            )
        }
    }
}
