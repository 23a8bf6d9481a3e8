import CherryCore

extension BridgeError {
    /// What the user of a tool is told, in one text: the APIs have no field for a hint.
    var words: String { self.hint.map { "\(self.message) \($0)" } ?? self.message }

    /// How OpenAI's APIs say it (API reference, "Error codes"): status, type and code.
    var openAI: (status: Int, type: String, code: String) {
        switch self.code {
        case .invalid: (400, "invalid_request_error", "invalid_request")
        case .unsupported: (400, "invalid_request_error", "unsupported_parameter")
        case .contextTooLong: (400, "invalid_request_error", "context_length_exceeded")
        case .refused: (400, "invalid_request_error", "refused")
        case .unauthorized: (401, "invalid_request_error", "invalid_api_key")
        case .denied: (403, "invalid_request_error", "permission_denied")
        case .unknownModel: (404, "invalid_request_error", "model_not_found")
        // Clients try again after a 5xx, which unlocks nothing.
        case .sealed: (423, "server_error", "sealed")
        case .rateLimited: (429, "requests", "rate_limit_exceeded")
        case .unreachable: (502, "server_error", "unreachable")
        case .garbled: (502, "server_error", "garbled")
        case .cutOff: (502, "server_error", "cut_off")
        case .overloaded, .localModelMissing, .localModelFailed: (503, "server_error", "overloaded")
        case .timedOut: (504, "server_error", "timeout")
        default: (500, "server_error", self.codeName)
        }
    }

    /// The error as OpenAI's APIs write it.
    var openAIBody: JSONValue {
        let form = self.openAI
        return [
            "error": [
                "message": .string(self.words), "type": .string(form.type),
                "param": self.field.map { .string($0) } ?? .null, "code": .string(form.code),
            ]
        ]
    }

    /// A refusal in OpenAI's form.
    var openAIRefusal: DoorRefusal {
        DoorRefusal(status: self.openAI.status, retryAfter: self.retryAfter, body: self.openAIBody)
    }

    /// How Anthropic's API says it (API reference, "Errors"): status and type.
    var anthropic: (status: Int, type: String) {
        switch self.code {
        case .invalid, .unsupported, .refused, .contextTooLong: (400, "invalid_request_error")
        case .unauthorized: (401, "authentication_error")
        case .denied: (403, "permission_error")
        case .unknownModel: (404, "not_found_error")
        case .sealed: (423, "api_error")
        case .rateLimited: (429, "rate_limit_error")
        case .unreachable, .garbled, .cutOff: (502, "api_error")
        case .timedOut: (504, "timeout_error")
        case .overloaded, .localModelMissing, .localModelFailed: (529, "overloaded_error")
        default: (500, "api_error")
        }
    }

    /// The error as Anthropic's API writes it. Tools know a prompt that is too long by these very words.
    func anthropicBody(id: String?) -> JSONValue {
        let words = self.code == .contextTooLong ? "prompt is too long: \(self.words)" : self.words
        var body: JSONValue = [
            "type": "error", "error": ["type": .string(self.anthropic.type), "message": .string(words)],
        ]
        if let id { body["request_id"] = .string("req_\(id)") }
        return body
    }
}
