import CherryCore

/// The APIs that turn texts into vectors.
enum EmbeddingsAPI: Sendable, Hashable, CaseIterable {
    case openAI, mistral, geminiOne, geminiMany, ollama, bedrock

    /// Numbers per vector, unless a request says otherwise.
    static let dimensions = 8

    /// The answer to a request, in which every text has the vector `vector(of:dimensions:)`.
    func answer(to body: JSONValue, model: String) -> JSONValue {
        let texts = self.texts(in: body)
        let dimensions = (body["dimensions"] ?? body["outputDimensionality"])?.integer ?? Self.dimensions
        let vectors = texts.map { Self.vector(of: $0, dimensions: max(1, dimensions)) }
        let tokens = texts.reduce(0) { $0 + Self.tokens(of: $1) }
        switch self {
        case .openAI, .mistral:
            let isPacked = body["encoding_format"]?.string == "base64"
            let data = vectors.enumerated().map { entry -> JSONValue in
                [
                    "object": "embedding", "index": .count(entry.offset),
                    "embedding": isPacked ? .string(Self.base64(entry.element)) : Self.numbers(entry.element),
                ]
            }
            return [
                "object": "list", "data": .array(data), "model": .string(model),
                "usage": ["prompt_tokens": .count(tokens), "total_tokens": .count(tokens)],
            ]
        case .geminiOne: return ["embedding": ["values": vectors.first.map(Self.numbers) ?? []]]
        case .geminiMany: return ["embeddings": .array(vectors.map { ["values": Self.numbers($0)] })]
        case .ollama:
            return [
                "model": .string(model), "embeddings": .array(vectors.map(Self.numbers)),
                "prompt_eval_count": .count(tokens),
            ]
        case .bedrock:
            guard body["texts"] != nil else {
                return ["embedding": vectors.first.map(Self.numbers) ?? [], "inputTextTokenCount": .count(tokens)]
            }
            return ["id": "scripted", "embeddings": .array(vectors.map(Self.numbers)), "texts": body["texts"] ?? []]
        }
    }

    private func texts(in body: JSONValue) -> [String] {
        switch self {
        case .openAI, .mistral, .ollama: Self.strings(body["input"])
        case .geminiOne: [Self.geminiText(body)]
        case .geminiMany: (body["requests"]?.array ?? []).map(Self.geminiText)
        case .bedrock: Self.strings(body["inputText"] ?? body["texts"])
        }
    }

    private static func geminiText(_ request: JSONValue) -> String {
        (request["content"]?["parts"]?.array ?? []).compactMap { $0["text"]?.string }.joined()
    }

    /// One text, or several; tokens by their numbers stand as their JSON.
    private static func strings(_ input: JSONValue?) -> [String] {
        guard let input else { return [] }
        if let text = input.string { return [text] }
        let list = input.array ?? []
        if list.first?.integer != nil { return [input.text] }
        return list.map { $0.string ?? $0.text }
    }

    /// What a text counts as: a token for every four bytes begun.
    static func tokens(of text: String) -> Int { max(1, (text.utf8.count + 3) / 4) }

    /// A vector of length 1 that depends on the text alone.
    static func vector(of text: String, dimensions: Int) -> [Float] {
        var state = text.utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        let raw = (0..<dimensions).map { _ -> Float in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Float(Int32(truncatingIfNeeded: state >> 32)) / Float(Int32.max)
        }
        let length = raw.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return length > 0 ? raw.map { $0 / length } : raw
    }

    private static func numbers(_ vector: [Float]) -> JSONValue { .array(vector.map { .number(Double($0)) }) }

    /// Numbers as the bytes of 32-bit floats, lowest first, which is how clients ask for many of them.
    static func base64(_ vector: [Float]) -> String {
        let bytes = vector.flatMap { number in withUnsafeBytes(of: number.bitPattern.littleEndian) { Array($0) } }
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = Array(bytes[start..<min(start + 3, bytes.count)])
            let value = group.enumerated().reduce(0) { $0 | Int($1.element) << (16 - 8 * $1.offset) }
            for place in 0..<4 {
                text.append(place <= group.count ? letters[value >> (18 - 6 * place) & 63] : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
