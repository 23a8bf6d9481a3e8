import CherryBridge
import HTTPTypes

/// One request of a tool that may come in.
struct DoorCall: Sendable {
    let request: DoorRequest
    /// Names the request and its exchange.
    let id: String
    let caller: GatewayCaller
}

extension HTTPField.Name {
    static let apiKey = Self("x-api-key")!
    static let anthropicVersion = Self("anthropic-version")!
    static let traceParent = Self("traceparent")!
    /// Says whether an answer came from the cache.
    static let answerCache = Self("x-cherry-cache")!
}
