import Foundation

/// A chat request in the shape of the Chat Completions API.
struct OpenAIRequest: Encodable {
    struct Message: Encodable {
        let role: String
        let content: String
    }

    struct StreamOptions: Encodable {
        let include_usage = true
    }

    let model: String
    let messages: [Message]
    let stream = true
    let stream_options: StreamOptions?
    let temperature: Double?
    let max_tokens: Int?
    let stop: [String]?

    /// - Parameter asksForUsage: whether to ask for token counts, which some servers refuse to be asked.
    init(_ request: ChatRequest, asksForUsage: Bool) {
        self.model = request.model
        self.messages = request.messages.map { Message(role: $0.role.rawValue, content: $0.text) }
        self.stream_options = asksForUsage ? StreamOptions() : nil
        self.temperature = request.temperature
        self.max_tokens = request.maxTokens
        self.stop = request.stop.isEmpty ? nil : request.stop
    }

    func bytes() throws -> [UInt8] { Array(try JSONEncoder().encode(self)) }
}
