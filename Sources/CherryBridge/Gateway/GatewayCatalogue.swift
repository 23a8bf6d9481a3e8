public import CherryCore

/// Everything that the gateway looks up for a request, in memory: providers with their keys, aliases, tokens and prices.
public struct GatewayCatalogue: Sendable {
    /// A provider, ready to be asked.
    public struct Member: Sendable {
        public let id: RecordID
        public let name: String
        /// What stands before the slash in `provider/model`.
        public let slug: String
        public let kind: Provider.Kind
        public let defaultModel: String?
        public let contextLength: Int?
        /// Whether its address is one of this machine.
        public let isOnThisMachine: Bool
        /// When its record was changed last.
        let changedAt: Timestamp
        public let provider: any LanguageModelProvider

        /// Joins a provider's record with what speaks to it.
        public init(_ record: Provider, provider: any LanguageModelProvider) {
            self.id = record.id
            self.name = record.name
            self.slug = Self.slug(record.name)
            self.kind = record.kind
            self.defaultModel = record.defaultModel
            self.contextLength = record.contextLength
            self.isOnThisMachine = MachineAddress.isLoopback(record.baseURL)
            self.changedAt = record.updatedAt
            self.provider = provider
        }

        /// The built-in model.
        public init(local provider: any LanguageModelProvider, model: String, contextLength: Int) {
            self.id = ModelReference.localProvider
            self.name = "This machine"
            self.slug = "local"
            self.kind = .openAI
            self.defaultModel = model
            self.contextLength = contextLength
            self.isOnThisMachine = true
            self.changedAt = Timestamp(milliseconds: 0)
            self.provider = provider
        }

        /// Whether asking it for `model` keeps what is said on this machine. Ollama passes some models' requests on.
        func keepsLocal(_ model: String) -> Bool {
            self.isOnThisMachine && self.kind.keepsLocal(model)
        }

        /// A name in lower case with `-` for everything but letters, digits, `.` and `_`.
        static func slug(_ name: String) -> String {
            let characters = name.lowercased().map { character -> Character in
                character.isLetter || character.isNumber || character == "." || character == "_" ? character : "-"
            }
            return String(characters)
        }
    }

    /// The built-in model first, then the user's in the order in which they were added.
    let members: [Member]
    private let byID: [RecordID: Member]
    private let bySlug: [String: Member]
    /// In order of name.
    let aliases: [ModelAlias]
    private let byName: [String: ModelAlias]
    let tokens: [TokenDigest: BridgeToken]
    let prices: PriceTable
    /// When the vault was unlocked whose records these are.
    let unlock: Timestamp?

    /// Creates a catalogue.
    ///
    /// - Parameter unlock: when the vault was unlocked that these come from.
    public init(
        members: [Member],
        aliases: [ModelAlias] = [],
        tokens: [BridgeToken] = [],
        prices: [ModelPrice] = [],
        unlock: Timestamp? = nil
    ) {
        self.unlock = unlock
        self.members = members
        self.byID = Dictionary(members.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        self.bySlug = Dictionary(members.map { ($0.slug, $0) }, uniquingKeysWith: { first, _ in first })
        self.aliases = aliases.sorted { $0.name < $1.name }
        // Of two that two devices made at once, the older one keeps the name.
        let oldestFirst = aliases.sorted { $0.id < $1.id }
        self.byName = Dictionary(
            oldestFirst.map { ($0.name.lowercased(), $0) },
            uniquingKeysWith: { first, _ in first }
        )
        self.tokens = Dictionary(
            tokens.compactMap { token in TokenDigest(hexadecimal: token.digest).map { ($0, token) } },
            uniquingKeysWith: { first, _ in first }
        )
        self.prices = PriceTable(own: prices)
    }

    func member(_ id: RecordID) -> Member? { self.byID[id] }

    func member(slug: String) -> Member? { self.bySlug[slug.lowercased()] }

    func alias(_ name: String) -> ModelAlias? { self.byName[name.lowercased()] }
}
