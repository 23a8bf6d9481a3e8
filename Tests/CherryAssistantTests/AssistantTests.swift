import CherryBridge
import CherryCore
import CherryMemory
import CherryStore
import CherryStoreSQLite
import CherryTesting
import CherryVault
import Logging
import Testing

@testable import CherryAssistant

@Suite("A turn of conversation")
struct AssistantTests {
    /// A whole assistant over a real store and a scripted model, for as long as `body` runs.
    static func withAssistant(
        contextLength: Int = 4096,
        model: ScriptedModel = ScriptedModel(),
        configuration: Assistant.Configuration = .init(),
        _ body: (Harness) async throws -> Void
    ) async throws {
        let store = SealedStore(store: try SQLiteRecordStore.inMemory(), sealer: try await UnlockedSealer.make())
        let library = Library(store: store, index: LexicalIndex(), clock: .system)
        let directory = ModelDirectory(
            .init(
                store: store,
                local: LocalModelEntry(provider: model, model: "scripted", contextLength: contextLength),
                makeProvider: { _, _ in model }
            )
        )
        let assistant = Assistant(
            .init(store: store, library: library, models: directory, logger: Logger(label: "test")),
            configuration: configuration
        )
        let conversation = try await store.put(Conversation(), basedOn: 0).value
        let harness = Harness(store: store, assistant: assistant, model: model, conversation: conversation)
        try await withThrowingTaskGroup { group in
            group.addTask { await assistant.run() }
            try await body(harness)
            group.cancelAll()
        }
    }

    struct Harness {
        let store: SealedStore
        let assistant: Assistant
        let model: ScriptedModel
        let conversation: Conversation

        func send(_ text: String, after parent: RecordID? = nil) async throws -> TurnStart {
            try await self.assistant.send(
                SendRequest(
                    conversationID: self.conversation.id,
                    messageID: .make(),
                    parentID: parent,
                    content: text
                )
            )
        }

        /// Reads a reply to its end.
        func read(_ reply: RecordID, after cursor: TurnCursor = .start) async throws -> Reading {
            var reading = Reading()
            for await event in try await self.assistant.events(reply: reply, after: cursor) {
                switch event {
                case .text(let text, let at):
                    #expect(at == cursor.text + reading.text.utf8.count, "no gap and nothing twice")
                    reading.text += text
                case .reasoning(let text, _): reading.reasoning += text
                case .notice(let notice): reading.notices.append(notice)
                case .tools: break
                case .end(let message): reading.end = message.value
                }
            }
            return reading
        }
    }

    struct Reading {
        var text = ""
        var reasoning = ""
        var notices: [TurnNotice] = []
        var end: Message?
    }

    @Test("A message is stored with an empty reply, which fills and ends")
    func whole() async throws {
        try await Self.withAssistant { harness in
            let script = harness.model.script()
            let turn = try await harness.send("Hello")
            #expect(turn.user?.value.content == "Hello")
            #expect(turn.reply.value.state == .streaming)
            #expect(turn.conversation.value.activeLeaf == turn.reply.value.id)
            script.yield(.event(.reasoning("Hm.")))
            script.yield(.event(.text("Good ")))
            script.yield(.event(.text("morning")))
            script.yield(.event(.usage(TokenUsage(prompt: 3, completion: 2))))
            script.yield(.end)
            let reading = try await harness.read(turn.reply.value.id)
            #expect(reading.text == "Good morning")
            #expect(reading.reasoning == "Hm.")
            #expect(reading.end?.state == .complete)
            #expect(reading.end?.metrics?.completionTokens == 2)
            let stored = try #require(await harness.store.get(Message.self, turn.reply.value.id)).value
            #expect(stored == reading.end)
        }
    }

    @Test("What a reader was shown is on disk at that moment")
    func storeBeforeShow() async throws {
        try await Self.withAssistant { harness in
            let script = harness.model.script()
            let turn = try await harness.send("Count")
            let events = try await harness.assistant.events(reply: turn.reply.value.id, after: .start)
            var shown = ""
            script.yield(.event(.text("0 ")))
            for await event in events {
                guard case .text(let text, _) = event else { continue }
                shown += text
                let stored = try #require(await harness.store.get(Message.self, turn.reply.value.id)).value
                #expect(stored.content.hasPrefix(shown))
                guard shown.count < 40 else { break }
                script.yield(.event(.text("\(shown.count) ")))
            }
            script.yield(.end)
        }
    }

    @Test("A reader may join in the middle and leave early; another one gets everything")
    func readers() async throws {
        try await Self.withAssistant { harness in
            let script = harness.model.script()
            let turn = try await harness.send("Tell")
            script.yield(.event(.text("Kirschbäume")))
            for await event in try await harness.assistant.events(reply: turn.reply.value.id, after: .start) {
                if case .text = event { break }
            }
            script.yield(.event(.text(" blühen")))
            script.yield(.end)
            async let first = harness.read(turn.reply.value.id)
            async let second = harness.read(turn.reply.value.id, after: TurnCursor(text: 7, reasoning: 0))
            #expect(try await first.text == "Kirschbäume blühen")
            #expect(try await second.text == "äume blühen")
            let late = try await harness.read(turn.reply.value.id, after: TurnCursor(text: 1000, reasoning: 0))
            #expect(late.text.isEmpty)
            #expect(late.end?.state == .complete)
        }
    }

    @Test("Stop ends the model's request and keeps what had arrived")
    func stop() async throws {
        try await Self.withAssistant { harness in
            let script = harness.model.script()
            let turn = try await harness.send("Go on for ever")
            script.yield(.event(.text("and on")))
            for await event in try await harness.assistant.events(reply: turn.reply.value.id, after: .start) {
                if case .text = event { break }
            }
            harness.assistant.stop(reply: turn.reply.value.id)
            await harness.model.waitForCancellation()
            let reading = try await harness.read(turn.reply.value.id)
            #expect(reading.text == "and on")
            #expect(reading.end?.state == .stopped)
        }
    }

    @Test("A failure of the model is stored with its reason, after what had arrived")
    func failure() async throws {
        try await Self.withAssistant { harness in
            let script = harness.model.script()
            let turn = try await harness.send("Hello")
            script.yield(.event(.text("Half an ans")))
            script.yield(.failure(BridgeError(.cutOff, message: "The stream ended in the middle.", hint: "Try again.")))
            let reading = try await harness.read(turn.reply.value.id)
            #expect(reading.end?.state == .failed)
            #expect(reading.end?.content == "Half an ans")
            #expect(
                reading.end?.failure
                    == .init(
                        code: "cutOff",
                        message: "The stream ended in the middle.",
                        hint: "Try again."
                    )
            )
        }
    }

    @Test("Sending the same message twice sends it once")
    func idempotent() async throws {
        try await Self.withAssistant { harness in
            let request = SendRequest(
                conversationID: harness.conversation.id,
                messageID: .make(),
                parentID: nil,
                content: "Once"
            )
            let first = try await harness.assistant.send(request)
            _ = try await harness.read(first.reply.value.id)
            let second = try await harness.assistant.send(request)
            #expect(second.reply.value.id == first.reply.value.id)
            #expect(try await harness.store.list(Message.self, scope: harness.conversation.id).count == 2)
        }
    }

    @Test("Answering again makes a sibling and shows it")
    func regenerate() async throws {
        try await Self.withAssistant { harness in
            let first = try await harness.send("Hello")
            _ = try await harness.read(first.reply.value.id)
            let question = try #require(first.user).value.id
            let second = try await harness.assistant.regenerate(
                RegenerateRequest(conversationID: harness.conversation.id, parentID: question)
            )
            #expect(second.user == nil)
            #expect(second.reply.value.parentID == question)
            #expect(second.conversation.value.activeLeaf == second.reply.value.id)
            _ = try await harness.read(second.reply.value.id)
        }
    }

    @Test("The persona's instructions and the branch's history go to the model, in order")
    func prompt() async throws {
        try await Self.withAssistant { harness in
            let persona = Persona(name: "Ada", hue: .moss, instructions: "Be exact.", temperature: 0.1)
            try await harness.store.put(persona, basedOn: 0)
            try await harness.store.update(Conversation.self, harness.conversation.id) { $0.personaID = persona.id }
            let first = try await harness.send("One")
            _ = try await harness.read(first.reply.value.id)
            let second = try await harness.send("Two", after: first.reply.value.id)
            _ = try await harness.read(second.reply.value.id)
            let request = try #require(harness.model.requests.last { $0.messages.last?.text == "Two" })
            #expect(request.temperature == 0.1)
            #expect(
                request.messages == [
                    ChatMessage(.system, "Be exact."), ChatMessage(.user, "One"), ChatMessage(.assistant, "ok"),
                    ChatMessage(.user, "Two"),
                ]
            )
        }
    }

    @Test("A history that does not fit is cut in the middle and the reader is told")
    func trimmed() async throws {
        let model = ScriptedModel { $0.utf8.count }
        try await Self.withAssistant(contextLength: 512, model: model) { harness in
            var parent: RecordID?
            for index in 0..<8 {
                let turn = try await harness.send("\(index) " + String(repeating: "x", count: 60), after: parent)
                parent = turn.reply.value.id
                let reading = try await harness.read(turn.reply.value.id)
                let omitted = reading.end?.metrics?.omittedMessages ?? 0
                #expect(reading.notices.contains(.contextTrimmed(omittedMessages: omitted)) == (omitted > 0))
            }
            let last = try #require(model.requests.last { $0.messages.last?.text.hasPrefix("7 ") == true })
            #expect(last.messages.first?.text.hasPrefix("0 ") == true)
            #expect(last.messages.count < 15)
        }
    }

    @Test("A message longer than the model can read fails with the figures, and is kept")
    func tooLong() async throws {
        let model = ScriptedModel { $0.utf8.count }
        try await Self.withAssistant(contextLength: 512, model: model) { harness in
            let turn = try await harness.send(String(repeating: "x", count: 2000))
            let reading = try await harness.read(turn.reply.value.id)
            #expect(reading.end?.failure?.code == "contextTooLong")
            #expect(reading.end?.failure?.message.contains("2000") == true)
            #expect(try await harness.store.get(Message.self, turn.user!.value.id) != nil)
        }
    }

    @Test("The first exchange names the conversation: first words at once, the model's title when it is one")
    func title() async throws {
        try await Self.withAssistant { harness in
            let answer = harness.model.script()
            let title = harness.model.script()
            let positions = harness.store.positions()
            let turn = try await harness.send("How do I prune a cherry tree?")
            #expect(turn.conversation.value.title == "How do I prune a cherry tree?")
            answer.yield(.event(.text("In summer.")))
            answer.yield(.end)
            title.yield(.event(.text("\"Pruning a cherry tree\"")))
            title.yield(.end)
            for await _ in positions {
                let stored = try #require(await harness.store.get(Conversation.self, harness.conversation.id)).value
                guard stored.titleSource == .model else { continue }
                #expect(stored.title == "Pruning a cherry tree")
                #expect(stored.liveReplies.isEmpty)
                break
            }
        }
    }

    @Test("Replies that an earlier process left are marked as interrupted")
    func interrupted() async throws {
        try await Self.withAssistant { harness in
            let question = Message(
                conversationID: harness.conversation.id,
                parentID: nil,
                role: .user,
                content: "Hello"
            )
            let reply = Message(
                conversationID: harness.conversation.id,
                parentID: question.id,
                role: .assistant,
                content: "I was about",
                state: .streaming
            )
            try await harness.store.put(question, basedOn: 0)
            try await harness.store.put(reply, basedOn: 0)
            try await harness.store.update(Conversation.self, harness.conversation.id) {
                $0.liveReplies = [reply.id, .make()]
            }
            try await harness.assistant.recoverInterrupted()
            let stored = try #require(await harness.store.get(Message.self, reply.id)).value
            #expect(stored.state == .interrupted)
            #expect(stored.content == "I was about")
            let conversation = try #require(await harness.store.get(Conversation.self, harness.conversation.id)).value
            #expect(conversation.liveReplies.isEmpty)
            let reading = try await harness.read(reply.id)
            #expect(reading.end?.state == .interrupted)
        }
    }

    @Test("After a lock readers end without an outcome and nothing more is stored")
    func locked() async throws {
        try await Self.withAssistant { harness in
            let script = harness.model.script()
            let turn = try await harness.send("Hello")
            script.yield(.event(.text("secret")))
            var iterator = try await harness.assistant
                .events(reply: turn.reply.value.id, after: .start).makeAsyncIterator()
            while let event = await iterator.next() {
                if case .text = event { break }
            }
            harness.assistant.abandonAll()
            #expect(await iterator.next() == nil)
            #expect(harness.assistant.activeCount == 0)
        }
    }

    @Test("What cannot be answered is refused before anything is stored")
    func refusals() async throws {
        try await Self.withAssistant { harness in
            await #expect(throws: AssistantError.self) { try await harness.send("x", after: .make()) }
            await #expect(throws: AssistantError.self) {
                try await harness.assistant.send(
                    SendRequest(conversationID: .make(), messageID: .make(), parentID: nil, content: "x")
                )
            }
            let first = try await harness.send("Hello")
            _ = try await harness.read(first.reply.value.id)
            await #expect(throws: AssistantError.self, "a message cannot follow a message of one's own") {
                try await harness.send("x", after: first.user!.value.id)
            }
            await #expect(throws: AssistantError.self) {
                try await harness.assistant.regenerate(
                    RegenerateRequest(conversationID: harness.conversation.id, parentID: first.reply.value.id)
                )
            }
            #expect(try await harness.store.list(Message.self, scope: harness.conversation.id).count == 2)
        }
    }
}
