public import CherryCore
import Foundation

/// A chat request taken apart: the last thing that the user said, and everything else.
///
/// Only a request of plain text and known fields can be taken apart. One with tools, images, files, reasoning of a
/// model, state at the provider, or a field that is not known here is `nil`: its answer may depend on more than its
/// words say.
public struct SemanticRequest: Sendable, Hashable {
    /// Bytes of the last text of the last message; one that is longer differs in too many ways to be compared.
    public static let longestText = 4096
    /// Bytes of a request.
    public static let longestBody = 256 << 10

    /// The last text of the user's last message.
    public let text: String
    /// Everything else as canonical JSON: members in order of their keys, `null` in the place of the text.
    public let rest: [UInt8]

    /// Takes a request of a door apart.
    ///
    /// - Parameter length: the bytes of the request as it came.
    public init?(_ body: JSONValue, of api: WireAPI, length: Int) {
        guard length <= Self.longestBody, var request = body.object, let fields = Self.fields[api],
            request.allSatisfy({ fields.contains($0.key) || $0.value.isEmptyOrNull })
        else { return nil }
        for key in ["system", "instructions"] {
            guard request[key].map(Self.isPlain) ?? true else { return nil }
        }
        let place = api == .openAIResponses ? "input" : "messages"
        switch request[place] {
        case .string(let text)? where api == .openAIResponses:
            self.text = text
            request[place] = .null
        case .array(var messages)?:
            guard messages.allSatisfy(Self.isMessage), var last = messages.last?.object,
                last["role"]?.string == "user", let text = Self.takeText(from: &last)
            else { return nil }
            self.text = text
            messages[messages.count - 1] = .object(last)
            request[place] = .array(messages)
        default: return nil
        }
        guard self.text.utf8.count <= Self.longestText, self.text.contains(where: { !$0.isWhitespace }) else {
            return nil
        }
        var rest: [UInt8] = []
        JSONValue.object(request).writeCanonically(to: &rest)
        self.rest = rest
    }

    /// Fields that are compared byte for byte; whatever is not named here rules a request out.
    private static let fields: [WireAPI: Set<String>] = [
        .openAIChat: [
            "model", "messages", "stream", "stream_options", "temperature", "top_p", "top_k", "max_tokens",
            "max_completion_tokens", "stop", "seed", "n", "frequency_penalty", "presence_penalty", "response_format",
            "reasoning_effort", "verbosity", "service_tier", "store", "user", "safety_identifier",
            "prompt_cache_key", "metadata",
        ],
        .openAIResponses: [
            "model", "input", "instructions", "stream", "stream_options", "temperature", "top_p",
            "max_output_tokens", "text", "reasoning", "truncation", "service_tier", "store", "user",
            "safety_identifier", "prompt_cache_key", "metadata",
        ],
        .anthropicMessages: [
            "model", "messages", "system", "stream", "temperature", "top_p", "top_k", "max_tokens",
            "stop_sequences", "thinking", "output_config", "service_tier", "cache_control", "metadata",
        ],
    ]
    private static let messageFields: Set = [
        "role", "content", "type", "name", "id", "status", "phase", "cache_control",
    ]
    private static let partFields: Set = ["type", "text", "cache_control", "prompt_cache_breakpoint"]
    private static let partTypes: Set = ["text", "input_text", "output_text"]
    private static let roles: Set = ["system", "developer", "user", "assistant"]

    private static func isMessage(_ value: JSONValue) -> Bool {
        guard let message = value.object, let role = message["role"]?.string, self.roles.contains(role),
            message["type"].map({ $0.string == "message" }) ?? true,
            message.allSatisfy({ self.messageFields.contains($0.key) || $0.value.isEmptyOrNull }),
            let content = message["content"]
        else { return false }
        return self.isPlain(content)
    }

    /// Whether this is a text, or several in a row.
    private static func isPlain(_ content: JSONValue) -> Bool {
        if content.string != nil { return true }
        guard let parts = content.array else { return false }
        return parts.allSatisfy { value in
            guard let part = value.object, let type = part["type"]?.string else { return false }
            return self.partTypes.contains(type) && part["text"]?.string != nil
                && part.allSatisfy { self.partFields.contains($0.key) || $0.value.isEmptyOrNull }
        }
    }

    /// The last text of a message, with `null` left in its place.
    private static func takeText(from message: inout JSONObject) -> String? {
        if let text = message["content"]?.string {
            message["content"] = .null
            return text
        }
        guard var parts = message["content"]?.array, var last = parts.last?.object, let text = last["text"]?.string
        else { return nil }
        last["text"] = .null
        parts[parts.count - 1] = .object(last)
        message["content"] = .array(parts)
        return text
    }
}

extension JSONValue {
    /// Whether a client that writes out what it does not use may have written this.
    fileprivate var isEmptyOrNull: Bool {
        switch self {
        case .null: true
        case .array(let elements): elements.isEmpty
        default: false
        }
    }

    /// Appends the value as compact JSON text, the members of every object in order of the bytes of their keys.
    fileprivate func writeCanonically(to bytes: inout [UInt8]) {
        switch self {
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                element.writeCanonically(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let object):
            bytes.append(UInt8(ascii: "{"))
            let members = object.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            for (index, member) in members.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                JSONValue.string(member.key).write(to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                member.value.writeCanonically(to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        case .null, .bool, .integer, .number, .string: self.write(to: &bytes)
        }
    }
}
