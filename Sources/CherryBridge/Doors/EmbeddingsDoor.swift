public import CherryCore
import Foundation

/// The Embeddings API of OpenAI as tools speak it to the bridge (API reference, "Create embeddings").
///
/// `user` is taken without influence. Texts given as tokens are refused: they mean something to one model only.
public struct EmbeddingsDoor: Sendable {
    /// A request, and how its answer is to be written.
    public struct Call: Sendable, Hashable {
        public var request: EmbeddingsRequest
        /// Whether vectors are wanted as base64 of 32-bit floats, the least significant byte first.
        public var isBase64: Bool
    }

    /// The most texts that one request may have.
    private static let limit = 2048

    /// Creates the door.
    public init() {}

    /// Reads a request.
    ///
    /// - Throws: `BridgeError` with code `.invalid` or `.unsupported`, naming the field.
    public func call(from body: JSONValue) throws -> Call {
        var object = try RequestObject(body, at: "")
        let model = try object.requiredString("model")
        let input = try object.required(object.value("input"), "input")
        let dimensions = try object.integer("dimensions", from: 1)
        let encoding = try object.string("encoding_format") ?? "float"
        guard encoding == "float" || encoding == "base64" else {
            throw BridgeError.invalid("encoding_format", "must be float or base64")
        }
        object.pass("user")
        try object.end()
        let request = EmbeddingsRequest(model: model, texts: try Self.texts(input), dimensions: dimensions)
        return Call(request: request, isBase64: encoding == "base64")
    }

    private static func texts(_ input: JSONValue) throws -> [String] {
        if let text = input.string { return [text] }
        guard let elements = input.array, !elements.isEmpty else {
            throw BridgeError.invalid("input", "must be a text or a list of texts")
        }
        guard elements.count <= Self.limit else {
            throw BridgeError.invalid("input", "must have at most \(Self.limit) texts")
        }
        return try RequestObject.numbered(elements, at: "input").map { path, element in
            if element.integer != nil || element.array != nil {
                throw BridgeError.notOffered(path, "tokens instead of texts", hint: "Send the text itself.")
            }
            guard let text = element.string else { throw BridgeError.invalid(path, "must be a text") }
            return text
        }
    }

    /// Writes the answer.
    ///
    /// - Parameter model: the name to answer under.
    public func answer(_ embeddings: Embeddings, to call: Call, model: String) -> JSONValue {
        let data = embeddings.vectors.enumerated().map { index, vector -> JSONValue in
            [
                "object": "embedding", "index": .integer(Int64(index)),
                "embedding": call.isBase64
                    ? .string(Self.base64(vector)) : .array(vector.map { .number(Self.double($0)) }),
            ]
        }
        let tokens = JSONValue.integer(Int64(embeddings.promptTokens ?? 0))
        return [
            "object": "list", "data": .array(data), "model": .string(model),
            "usage": ["prompt_tokens": tokens, "total_tokens": tokens],
        ]
    }

    /// Writes a refusal.
    public func refusal(_ error: BridgeError) -> DoorRefusal { error.openAIRefusal }

    /// The number that is written with the fewest digits and reads as the same 32-bit float.
    private static func double(_ value: Float) -> Double { Double("\(value)") ?? Double(value) }

    private static func base64(_ vector: [Float]) -> String {
        var bytes = Data(capacity: vector.count * 4)
        for value in vector {
            for shift in stride(from: 0, to: 32, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> UInt32(shift)))
            }
        }
        return bytes.base64EncodedString()
    }
}
