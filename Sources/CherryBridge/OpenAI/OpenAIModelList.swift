/// The answer to `GET /models`, in the forms in which servers give it.
struct OpenAIModelList: Decodable {
    private struct Entry: Decodable {
        struct Meta: Decodable {
            let n_ctx_train: Int?
        }

        let id: String
        let context_length: Int?
        let context_window: Int?
        let max_model_len: Int?
        let meta: Meta?
    }

    private enum CodingKeys: String, CodingKey { case data }

    let models: [ModelDescription]

    init(from decoder: any Decoder) throws {
        // Most send an object with `data`, some the list itself.
        let entries =
            try (try? decoder.container(keyedBy: CodingKeys.self).decode([Entry].self, forKey: .data))
            ?? decoder.singleValueContainer().decode([Entry].self)
        self.models = entries.map { entry in
            let length =
                entry.context_length ?? entry.context_window ?? entry.max_model_len ?? entry.meta?.n_ctx_train
            return ModelDescription(id: entry.id, contextLength: length)
        }
    }
}
