import CherryCore
import Foundation

extension ChatRequest {
    /// Refuses what APIs without these fields cannot do. A penalty of 0 is no penalty.
    func refuseSeedPenaltiesAndProbabilities(by provider: String) throws {
        if self.seed != nil { throw BridgeError.unsupported("seed", by: provider) }
        if self.frequencyPenalty ?? 0 != 0 { throw BridgeError.unsupported("frequency_penalty", by: provider) }
        if self.presencePenalty ?? 0 != 0 { throw BridgeError.unsupported("presence_penalty", by: provider) }
        if self.topLogProbabilities != nil { throw BridgeError.unsupported("log-probabilities", by: provider) }
    }

    /// Refuses to be held to one call at a time by an API that cannot be told; several are what it does anyway.
    func refuseSingleCalls(by provider: String) throws {
        if self.allowsParallelCalls == false {
            throw BridgeError.unsupported("parallel_tool_calls: false", by: provider)
        }
    }

    /// Refuses a temperature above 1, which some APIs do not know.
    func refuseHighTemperature(by provider: String) throws {
        if self.temperature ?? 0 > 1 { throw BridgeError.unsupported("a temperature above 1", by: provider) }
    }
}

extension ReasoningEffort {
    /// Tokens of thought where an API takes a number: minimal 1 024, low 4 096, medium 8 192, high 24 576.
    var budget: Int {
        switch self {
        case .none: 0
        case .minimal: 1_024
        case .low: 4_096
        case .medium: 8_192
        case .high: 24_576
        case .tokens(let count): count
        }
    }

    /// `low`, `medium` or `high` where an API takes these; `nil` for none and for a number.
    var level: String? {
        switch self {
        case .none, .tokens: nil
        case .minimal, .low: "low"
        case .medium: "medium"
        case .high: "high"
        }
    }
}

extension ResponseFormat {
    /// A schema that carries its own description, for APIs without another place for it.
    static func described(_ schema: JSONValue, _ description: String?) -> JSONValue {
        guard let description, schema.object != nil, schema["description"] == nil else { return schema }
        var schema = schema
        schema["description"] = .string(description)
        return schema
    }
}

extension ToolCall {
    /// The arguments as the object that an API takes; no text is an object without members.
    func argumentsObject(for provider: String) throws -> JSONValue {
        if self.arguments.allSatisfy(\.isWhitespace) { return [:] }
        guard let value = try? JSONValue(parsing: self.arguments), value.object != nil else {  // why does not matter
            throw BridgeError.unsupported("a call whose arguments are not a JSON object", by: provider)
        }
        return value
    }
}

extension Media {
    /// Refuses to look at an image less closely; looking closely is what APIs do that cannot be told.
    func refuseLowDetail(by provider: String) throws {
        if self.detail == "low" { throw BridgeError.unsupported("images at low detail", by: provider) }
    }

    /// The bytes as text; `nil` when they are not here or not UTF-8.
    var text: String? {
        guard case .base64(let base64) = self.source, let data = Data(base64Encoded: base64) else { return nil }
        return String(bytes: data, encoding: .utf8)
    }
}

extension JSONValue {
    /// A number of tokens as a provider gives it, held to what can be: none is negative, and sums do not overflow.
    var tokenCount: Int? { self.integer.map { min(max($0, 0), 1 << 40) } }
}

extension ProviderEndpoint {
    /// The address of `path` with one more parameter beside those of the endpoint.
    func url(_ path: String, adding parameter: String) -> String {
        self.url(path) + (self.query.isEmpty ? "?" : "&") + parameter
    }
}

extension String {
    /// The text as one segment of a path: all but unreserved characters percent-encoded (RFC 3986, 2.3), and dots too
    /// where they would mean another folder.
    var pathSegment: String {
        if self == "." || self == ".." { return self.replacing(".", with: "%2E") }
        var segment = ""
        for byte in self.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                segment.unicodeScalars.append(Unicode.Scalar(byte))
            default: segment += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
            }
        }
        return segment
    }
}
