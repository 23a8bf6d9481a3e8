import CherryCore

/// The JSON export: everything the user made, readable, without credentials.
struct ExportDocument: Decodable, Sendable {
    static let format = "cherry-export"
    static let version = 1

    let format: String
    let version: Int
    let exportedAt: Timestamp?
    var conversations: [Conversation]
    var messages: [Message]
    var personas: [Persona]
    var context: [ContextItem]
    var preferences: [Preference]
    var providers: [Provider]

    private enum CodingKeys: String, CodingKey {
        case format, version, exportedAt, conversations, messages, personas, context, preferences, providers
    }

    /// Reads a document; collections that are left out are empty.
    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.format = try container.decode(String.self, forKey: .format)
        self.version = try container.decode(Int.self, forKey: .version)
        self.exportedAt = try container.decodeIfPresent(Timestamp.self, forKey: .exportedAt)
        guard self.format == Self.format, self.version == Self.version else {
            // What another format or version holds is not for this program to decode.
            (self.conversations, self.messages, self.personas) = ([], [], [])
            (self.context, self.preferences, self.providers) = ([], [], [])
            return
        }
        self.conversations = try container.decodeIfPresent([Conversation].self, forKey: .conversations) ?? []
        self.messages = try container.decodeIfPresent([Message].self, forKey: .messages) ?? []
        self.personas = try container.decodeIfPresent([Persona].self, forKey: .personas) ?? []
        self.context = try container.decodeIfPresent([ContextItem].self, forKey: .context) ?? []
        self.preferences = try container.decodeIfPresent([Preference].self, forKey: .preferences) ?? []
        self.providers = try container.decodeIfPresent([Provider].self, forKey: .providers) ?? []
    }
}
