extension OpenAIErrorTranslator {
    /// What providers put under `error`: an object, or just a text.
    struct Detail: Decodable {
        let message: String?
        /// `code` when it is a number that can be an HTTP status.
        let status: Int?
        /// `code` and `type` when they are texts, in lower case.
        private let codes: [String]

        private enum CodingKeys: String, CodingKey { case message, code, type }

        init(_ message: String) { self.init(message: message, status: nil, codes: []) }

        private init(message: String?, status: Int?, codes: [String]) {
            self.message = message
            self.status = status
            self.codes = codes
        }

        init(from decoder: any Decoder) throws {
            if let text = try? decoder.singleValueContainer().decode(String.self) {  // not a text: then an object
                self.init(text)
                return
            }
            let container = try decoder.container(keyedBy: CodingKeys.self)
            // A field of another type than expected says nothing that is used.
            let number = try? container.decode(Int.self, forKey: .code)
            self.init(
                message: try? container.decode(String.self, forKey: .message),
                status: number.flatMap { (400..<600).contains($0) ? $0 : nil },
                codes: [CodingKeys.code, .type].compactMap { key in
                    (try? container.decode(String.self, forKey: key))?.lowercased()
                }
            )
        }

        /// Whether one of the codes contains `part`.
        func has(_ part: String) -> Bool { self.codes.contains { $0.contains(part) } }

        /// Whether it says that the request is too long for the model.
        var isAboutContext: Bool {
            if self.has("context_length") || self.has("exceed_context_size") { return true }
            let message = self.message?.lowercased() ?? ""
            return [
                "context length", "context size", "context window", "maximum context", "prompt is too long",
                "too many tokens",
            ].contains { message.contains($0) }
        }
    }
}
