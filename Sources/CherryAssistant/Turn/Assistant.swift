import CherryBridge
public import CherryCore
public import CherryStore
public import Logging
public import ServiceLifecycle
import Synchronization
import Tracing

/// Answers: takes a message, asks the model and keeps the reply as it comes.
///
/// A reply is stored before any reader sees it, so what was shown is still there after a crash. Readers come and go;
/// the reply goes on until it ends, is stopped, or the vault is locked. Works while `run()` runs.
public final class Assistant: Sendable, Service {
    /// Limits and paces.
    public struct Configuration: Sendable {
        /// The shortest time between two writes of one reply.
        public var minimumPace: Duration = .milliseconds(30)
        /// The longest time that text waits to be written.
        public var maximumPace: Duration = .milliseconds(250)
        /// How long to wait before a write that failed is tried again.
        public var retryDelay: Duration = .seconds(1)
        /// Replies that may be written at once.
        public var limit = 16
        /// How long a reply waits for the user to say whether a tool may be called.
        public var decisionTimeout: Duration = .seconds(600)

        /// Creates the usual configuration.
        public init() {}
    }

    /// What the assistant needs.
    public struct Dependencies: Sendable {
        public var store: SealedStore
        public var library: Library
        public var models: ModelDirectory
        /// Where tools come from; `nil` for a reply without any.
        public var tools: ToolServers?
        public var clock: WallClock
        public var logger: Logger
        /// Who is told of failures that nobody foresaw.
        public var reporter: any ErrorReporter

        /// Lists what the assistant needs.
        public init(
            store: SealedStore,
            library: Library,
            models: ModelDirectory,
            tools: ToolServers? = nil,
            clock: WallClock = .system,
            logger: Logger,
            reporter: any ErrorReporter = NoErrorReporter()
        ) {
            self.store = store
            self.library = library
            self.models = models
            self.tools = tools
            self.clock = clock
            self.logger = logger
            self.reporter = reporter
        }
    }

    let dependencies: Dependencies
    let configuration: Configuration
    private let live = Mutex<[RecordID: LiveReply]>([:])
    private let jobs = AsyncStream.makeStream(of: TurnJob.self)

    /// Creates an assistant that starts to work with `run()`.
    public init(_ dependencies: Dependencies, configuration: Configuration = Configuration()) {
        self.dependencies = dependencies
        self.configuration = configuration
    }

    /// Writes replies until shutdown, then ends those that are being written as interrupted.
    public func run() async {
        await withDiscardingTaskGroup { group in
            for await job in self.jobs.stream.cancelOnGracefulShutdown() {
                group.addTask { await self.perform(job) }
            }
            self.stopAll()
        }
    }

    /// How many replies are being written.
    public var activeCount: Int { self.live.withLock { $0.count } }

    /// Stores a message of the user's and begins the reply to it.
    ///
    /// Sending a message that is already there changes nothing and returns the latest reply to it.
    ///
    /// - Throws: `AssistantError` when the conversation, the parent, the persona or the model does not exist.
    public func send(_ request: SendRequest) async throws -> TurnStart {
        if let known = try await self.existingTurn(for: request) { return known }
        try self.checkLimit()
        let conversation = try await self.openConversation(request.conversationID)
        try await self.checkParent(request.parentID, in: conversation.value.id)
        let now = self.dependencies.clock.now
        let message = Message(
            id: request.messageID,
            conversationID: request.conversationID,
            parentID: request.parentID,
            role: .user,
            content: request.content,
            createdAt: now
        )
        let speaker = try await self.speaker(
            for: conversation.value,
            model: request.model,
            personaID: request.personaID
        )
        return try await self.begin(
            answerTo: message,
            isNew: true,
            speaker: speaker,
            usesTools: request.usesTools,
            at: now
        )
    }

    /// Begins another reply to a message of the user's.
    ///
    /// - Throws: `AssistantError` as `send` does.
    public func regenerate(_ request: RegenerateRequest) async throws -> TurnStart {
        try self.checkLimit()
        let conversation = try await self.openConversation(request.conversationID)
        guard
            let message = try await self.dependencies.store.get(Message.self, request.parentID)?.value,
            message.conversationID == request.conversationID
        else { throw Self.noSuchMessage }
        guard message.role == .user else {
            throw AssistantError(.invalid, message: "Only a message of yours can be answered again.")
        }
        let speaker = try await self.speaker(
            for: conversation.value,
            model: request.model,
            personaID: request.personaID
        )
        return try await self.begin(
            answerTo: message,
            isNew: false,
            speaker: speaker,
            usesTools: request.usesTools,
            at: self.dependencies.clock.now
        )
    }

    /// Ends a reply; what had arrived is kept. The model's connection is closed before anything else is done.
    public func stop(reply id: RecordID) {
        self.live.withLock { $0[id] }?.requestStop(as: .stopped)
    }

    /// Ends every reply as interrupted: the server is shutting down.
    public func stopAll() {
        for reply in self.live.withLock({ Array($0.values) }) { reply.requestStop(as: .interrupted) }
    }

    /// Lets go of every reply, of its text in memory and of the tools' servers: the vault was locked.
    public func abandonAll() {
        let replies = self.live.withLock { live in
            defer { live.removeAll() }
            return Array(live.values)
        }
        for reply in replies { reply.abandon() }
        self.dependencies.tools?.closeAll()
    }

    /// The events of a reply from `cursor` on, whether it is being written or long done.
    ///
    /// - Throws: `AssistantError` with code `.notFound`.
    public func events(reply id: RecordID, after cursor: TurnCursor) async throws -> TurnEvents {
        if let live = self.live.withLock({ $0[id] }) { return TurnEvents(live: live, cursor: cursor) }
        guard let stored = try await self.dependencies.store.get(Message.self, id), stored.value.role == .assistant
        else { throw Self.noSuchMessage }
        if stored.value.state == .streaming {
            // It ended between the two look-ups, or an earlier process was writing it.
            if let live = self.live.withLock({ $0[id] }) { return TurnEvents(live: live, cursor: cursor) }
            return TurnEvents(live: LiveReply(try await self.settle(id)), cursor: cursor)
        }
        return TurnEvents(live: LiveReply(stored), cursor: cursor)
    }

    /// Marks the replies that an earlier process did not finish as interrupted. Called once after each unlock.
    public func recoverInterrupted() async throws {
        for conversation in try await self.dependencies.store.list(Conversation.self)
        where !conversation.value.liveReplies.isEmpty {
            let dead = conversation.value.liveReplies.filter { id in self.live.withLock { $0[id] == nil } }
            for id in dead where try await self.dependencies.store.get(Message.self, id) != nil {
                try await self.settle(id)
            }
            _ = try await self.dependencies.store.update(Conversation.self, conversation.value.id) {
                $0.liveReplies.removeAll { dead.contains($0) }
            }
        }
    }

    @discardableResult
    private func settle(_ id: RecordID) async throws -> Versioned<Message> {
        try await self.dependencies.store.update(Message.self, id) {
            if $0.state == .streaming { $0.state = .interrupted }
            $0.cancelToolUses()
        }
    }

    // MARK: Beginning

    /// Who answers, and with what.
    private func speaker(
        for conversation: Conversation,
        model: ModelReference?,
        personaID: RecordID?
    ) async throws -> Speaker {
        var persona: Persona?
        if let id = personaID ?? conversation.personaID {
            persona = try await self.dependencies.store.get(Persona.self, id)?.value
            if persona == nil, personaID != nil {
                throw AssistantError(.notFound, message: "There is no such persona.")
            }
        }
        let resolved = try await self.dependencies.models.resolve(model ?? conversation.model ?? persona?.model)
        return Speaker(persona: persona, model: resolved.counted(for: conversation.id))
    }

    private func begin(
        answerTo message: Message,
        isNew: Bool,
        speaker: Speaker,
        usesTools: Bool,
        at now: Timestamp
    ) async throws -> TurnStart {
        let reply = Message(
            conversationID: message.conversationID,
            parentID: message.id,
            role: .assistant,
            content: "",
            state: .streaming,
            personaID: speaker.persona?.id,
            model: speaker.model.reference,
            createdAt: now
        )
        let (user, storedReply, conversation) = try await self.write(message, isNew: isNew, reply: reply, at: now)
        let live = LiveReply(storedReply)
        self.live.withLock { $0[reply.id] = live }
        self.jobs.continuation.yield(
            TurnJob(
                live: live,
                question: message,
                speaker: speaker,
                conversation: conversation.value,
                usesTools: usesTools,
                trace: .current
            )
        )
        return TurnStart(user: user, reply: storedReply, conversation: conversation)
    }

    /// Stores the user's message, the empty reply and the conversation that points to it, all or nothing.
    private func write(
        _ message: Message,
        isNew: Bool,
        reply: Message,
        at now: Timestamp
    ) async throws -> (user: Versioned<Message>?, reply: Versioned<Message>, conversation: Versioned<Conversation>) {
        for attempt in 1... {
            var conversation = try await self.openConversation(message.conversationID)
            conversation.value.activeLeaf = reply.id
            conversation.value.updatedAt = now
            conversation.value.liveReplies.append(reply.id)
            if message.parentID == nil, conversation.value.titleSource == .fallback {
                conversation.value.title = TitleMaker.fallback(for: message.content)
            }
            var batch = SealedBatch()
            try batch.put(conversation.value, basedOn: conversation.version)
            try batch.put(reply, basedOn: 0)
            if isNew { try batch.put(message, basedOn: 0) }
            do {
                let rows = try await self.dependencies.store.commit(batch)
                return (
                    isNew ? Versioned(message, storedAs: rows[2]) : nil,
                    Versioned(reply, storedAs: rows[1]),
                    Versioned(conversation.value, storedAs: rows[0])
                )
            } catch let error as StoreError
                where error.code == .conflict && error.record?.collection == .conversations && attempt < 16
            {
                continue  // a rename or another reply came in between
            }
        }
        fatalError("the loop ends by returning or throwing")
    }

    private func existingTurn(for request: SendRequest) async throws -> TurnStart? {
        guard let known = try await self.dependencies.store.get(Message.self, request.messageID) else { return nil }
        guard known.value.conversationID == request.conversationID, known.value.role == .user else {
            throw AssistantError(.invalid, message: "This message id is taken.", hint: "Use a new id.")
        }
        let conversation = try await self.openConversation(request.conversationID)
        let replies = try await self.dependencies.library
            .children(of: request.messageID, in: request.conversationID)
        if let latest = replies.last, let reply = try await self.dependencies.store.get(Message.self, latest) {
            return TurnStart(user: known, reply: reply, conversation: conversation)
        }
        let again = try await self.regenerate(
            RegenerateRequest(
                conversationID: request.conversationID,
                parentID: request.messageID,
                model: request.model,
                personaID: request.personaID,
                usesTools: request.usesTools
            )
        )
        return TurnStart(user: known, reply: again.reply, conversation: again.conversation)
    }

    private func openConversation(_ id: RecordID) async throws -> Versioned<Conversation> {
        guard
            let conversation = try await self.dependencies.store.get(Conversation.self, id),
            conversation.value.deletedAt == nil
        else {
            throw AssistantError(
                .notFound,
                message: "There is no such conversation.",
                hint: "It may have been deleted on another device."
            )
        }
        return conversation
    }

    private func checkParent(_ id: RecordID?, in conversation: RecordID) async throws {
        guard let id else { return }
        guard let parent = try await self.dependencies.store.get(Message.self, id)?.value,
            parent.conversationID == conversation
        else { throw Self.noSuchMessage }
        guard parent.role == .assistant else {
            throw AssistantError(.invalid, message: "A message can only follow a reply.")
        }
    }

    private func checkLimit() throws {
        guard self.activeCount < self.configuration.limit else {
            throw AssistantError(
                .tooManyReplies,
                message: "\(self.configuration.limit) replies are being written already.",
                hint: "Wait for one to end, or stop one."
            )
        }
    }

    func liveReply(_ id: RecordID) -> LiveReply? { self.live.withLock { $0[id] } }

    func forget(_ reply: LiveReply) {
        _ = self.live.withLock { $0.removeValue(forKey: reply.id) }
    }

    private static let noSuchMessage = AssistantError(.notFound, message: "There is no such message.")
}

/// Who answers, and with what.
struct Speaker: Sendable {
    let persona: Persona?
    let model: ResolvedModel
}

/// One reply to be written.
struct TurnJob: Sendable {
    let live: LiveReply
    let question: Message
    let speaker: Speaker
    let conversation: Conversation
    let usesTools: Bool
    /// Where the request that began it is in its trace.
    let trace: InstrumentationContext?
}
