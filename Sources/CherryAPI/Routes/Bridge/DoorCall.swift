import CherryBridge
import CherryCore
import HTTPTypes
import Hummingbird

/// One request of a tool.
struct DoorCall: Sendable {
    /// Bytes of a body: the largest that the providers' own APIs take.
    static let bodyLimit = 32 << 20

    let request: Request
    let context: AppRequestContext
    /// Names the request and its exchange.
    let id: String
    let caller: GatewayCaller

    /// The token that a request shows.
    static func token(of request: Request) -> Substring? {
        if let header = request.headers[.authorization] {
            let parts = header.utf8.split(separator: 0x20, maxSplits: 1, omittingEmptySubsequences: true)
            if parts.count == 2, Substring(parts[0]).lowercased() == "bearer" { return Substring(parts[1]) }
        }
        return request.headers[.apiKey].map { $0[...] }
    }

    /// Whether the client speaks Anthropic's API where an address is the same in both.
    static func isAnthropic(_ request: Request) -> Bool { request.headers[.anthropicVersion] != nil }

    /// The body's bytes, and what they say.
    func body() async throws -> (bytes: [UInt8], json: JSONValue) {
        let buffer = try await BodyReader(request: self.request, limit: Self.bodyLimit).collect()
        let bytes = Array(buffer.readableBytesView)
        do {
            return (bytes, try JSONValue(parsing: bytes))
        } catch {
            throw BridgeError(.invalid, message: "The body is not JSON: \(Self.words(for: error)).")
        }
    }

    private static func words(for error: JSONParsingError) -> String {
        switch error {
        case .invalidUTF8: "it is not UTF-8"
        case .tooDeep: "it nests deeper than \(JSONValue.maximumDepth) levels"
        case .malformed(let place): "something is wrong at byte \(place)"
        }
    }
}

extension HTTPField.Name {
    static let apiKey = Self("x-api-key")!
    static let anthropicVersion = Self("anthropic-version")!
    /// Says whether an answer came from the cache.
    static let answerCache = Self("x-cherry-cache")!
}
