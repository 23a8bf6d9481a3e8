import CherryCore

extension ProviderErrors {
    /// What providers put under `error`: an object, or just a text.
    struct Detail {
        let message: String?
        /// `code` when it is a number that can be an HTTP status.
        let status: Int?
        /// `code`, `type`, `status` and the reasons in `details`, when they are texts, in lower case.
        private let codes: [String]

        init(message: String?, status: Int? = nil, codes: [String] = []) {
            self.message = message
            self.status = status
            self.codes = codes.map { $0.lowercased() }
        }

        /// Reads what stands under `error`. A field of another type than expected says nothing that is used.
        init(_ error: JSONValue) {
            if let text = error.string {
                self.init(message: text)
                return
            }
            self.init(
                message: error["message"]?.string,
                status: error["code"]?.integer.flatMap { (400..<600).contains($0) ? $0 : nil },
                codes: ["code", "type", "status"].compactMap { error[$0]?.string }
                    + (error["details"]?.array ?? []).compactMap { $0["reason"]?.string }
            )
        }

        /// Reads the body of a refusal: with an `error`, or with a `message` or `detail` of its own; or a list of one.
        init?(refusal body: JSONValue) {
            let body = body.array?.first ?? body
            if let error = body["error"], !error.isNull {
                self.init(error)
            } else if let text = body["message"]?.string ?? body["detail"]?.string {
                self.init(message: text, codes: ["code", "type", "__type"].compactMap { body[$0]?.string })
            } else {
                return nil
            }
        }

        /// Whether one of the codes contains `part`.
        func has(_ part: String) -> Bool { self.codes.contains { $0.contains(part) } }

        /// Whether it says that the request is too long for the model.
        var isAboutContext: Bool {
            if self.has("context_length") || self.has("exceed_context_size") { return true }
            let message = self.message?.lowercased() ?? ""
            return [
                "context length", "context size", "context window", "maximum context", "prompt is too long",
                "too many tokens", "input is too long", "exceeds the maximum number of tokens",
            ].contains { message.contains($0) }
        }
    }
}
