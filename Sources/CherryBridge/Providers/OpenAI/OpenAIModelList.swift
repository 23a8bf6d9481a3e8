import CherryCore

/// The answer to `GET /models`, in the forms in which servers give it.
enum OpenAIModelList {
    static func read(_ body: [UInt8]) throws -> [ModelDescription] {
        let answer = try JSONValue(parsing: body)
        // Most send an object with `data`, some the list itself.
        guard let entries = answer["data"]?.array ?? answer.array else {
            throw BridgeError(.garbled, message: "What came back is not a list of models.")
        }
        return try entries.map { entry in
            guard let id = entry["id"]?.string else {
                throw BridgeError(.garbled, message: "What came back is not a list of models.")
            }
            let lengths = [
                entry["context_length"], entry["context_window"], entry["max_model_len"], entry["max_context_length"],
            ]
            let length = lengths.compactMap { $0?.integer }.first ?? entry["meta"]?["n_ctx_train"]?.integer
            return ModelDescription(id: id, contextLength: length, capabilities: ModelCapability.told(by: entry))
        }
    }
}
