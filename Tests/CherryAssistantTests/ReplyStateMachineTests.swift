import CherryBridge
import CherryCore
import CherryStore
import Testing

@testable import CherryAssistant

@Suite("Reply state machine")
final class ReplyStateMachineTests {
    static func streaming() -> Versioned<Message> {
        let message = Message(
            conversationID: .make(),
            parentID: .make(),
            role: .assistant,
            content: "",
            state: .streaming
        )
        return Versioned(value: message, version: 1, position: 1, changedAt: .now)
    }

    var machine = ReplyStateMachine(stored: ReplyStateMachineTests.streaming())

    func takeDraft() -> (message: Message, version: Int64)? { self.machine.takeDraft() }

    /// Stores the draft, if there is one, as the store would.
    func store() -> Bool {
        guard let draft = self.takeDraft() else { return false }
        self.machine.didStore(
            Versioned(value: draft.message, version: draft.version + 1, position: 9, changedAt: .now)
        )
        return true
    }

    @Test("Text is shown only after it was stored")
    func storedFirst() {
        self.machine.receive(.text("Hel"), after: .milliseconds(5))
        #expect(self.machine.stored.value.content.isEmpty)
        #expect(self.store())
        #expect(self.machine.stored.value.content == "Hel")
        #expect(self.machine.stored.value.state == .streaming)
        #expect(!self.machine.isEnded)
    }

    @Test("Nothing new means nothing to store")
    func clean() {
        #expect(!self.store())
        self.machine.receive(.text("a"), after: .zero)
        #expect(self.store())
        #expect(!self.store())
    }

    @Test("Text that arrives while a write is under way is stored by the next one")
    func overlap() throws {
        self.machine.receive(.text("a"), after: .zero)
        let first = try #require(self.takeDraft())
        self.machine.receive(.text("b"), after: .zero)
        self.machine.didStore(Versioned(value: first.message, version: 2, position: 2, changedAt: .now))
        #expect(self.machine.stored.value.content == "a")
        let second = try #require(self.takeDraft())
        #expect(second.message.content == "ab")
        #expect(second.version == 2)
    }

    @Test("The end counts once it is stored, with times and the provider's counts")
    func complete() throws {
        self.machine.receive(.reasoning("hm"), after: .milliseconds(20))
        self.machine.receive(.text("Hi"), after: .milliseconds(30))
        self.machine.receive(.usage(TokenUsage(prompt: 7, completion: 2)), after: .milliseconds(40))
        self.machine.receive(.finished(.stop), after: .milliseconds(40))
        self.machine.finish(.complete, after: .milliseconds(50), promptEstimate: 99)
        #expect(!self.machine.isEnded)
        #expect(self.store())
        #expect(self.machine.isEnded)
        let message = self.machine.stored.value
        #expect(message.state == .complete)
        #expect(message.reasoning == "hm")
        let metrics = try #require(message.metrics)
        #expect(
            metrics
                == .init(
                    promptTokens: 7,
                    completionTokens: 2,
                    isEstimated: false,
                    firstTokenMilliseconds: 20,
                    totalMilliseconds: 50,
                    omittedMessages: 0
                )
        )
    }

    @Test("Counts that the provider did not send are estimated and marked so")
    func estimate() {
        self.machine.receive(.text("four words of text"), after: .zero)
        self.machine.finish(.complete, after: .milliseconds(1), promptEstimate: 12)
        #expect(self.store())
        #expect(self.machine.stored.value.metrics?.isEstimated == true)
        #expect(self.machine.stored.value.metrics?.promptTokens == 12)
    }

    @Test("A write that was under way at the end is followed by the final one")
    func endDuringWrite() throws {
        self.machine.receive(.text("a"), after: .zero)
        let draft = try #require(self.takeDraft())
        self.machine.finish(.stopped, after: .zero, promptEstimate: 0)
        self.machine.didStore(Versioned(value: draft.message, version: 2, position: 2, changedAt: .now))
        #expect(!self.machine.isEnded)
        #expect(self.store())
        #expect(self.machine.isEnded)
        #expect(self.machine.stored.value.state == .stopped)
        #expect(self.machine.stored.value.content == "a")
    }

    @Test("The first outcome wins, and nothing is added after it")
    func firstOutcome() {
        self.machine.finish(.stopped, after: .zero, promptEstimate: 0)
        self.machine.finish(.complete, after: .zero, promptEstimate: 0)
        self.machine.receive(.text("late"), after: .zero)
        #expect(self.store())
        #expect(self.machine.stored.value.state == .stopped)
        #expect(self.machine.stored.value.content.isEmpty)
    }

    @Test("A failure keeps what had arrived and says why")
    func failure() {
        self.machine.receive(.text("half"), after: .zero)
        self.machine.finish(
            .failed(.init(code: "cutOff", message: "The stream ended in the middle.")),
            after: .zero,
            promptEstimate: 0
        )
        #expect(self.store())
        #expect(self.machine.stored.value.content == "half")
        #expect(self.machine.stored.value.failure?.code == "cutOff")
    }

    @Test("A full disk ends the reading, shows what is unsaved, and is tried again")
    func diskFull() {
        self.machine.receive(.text("precious"), after: .zero)
        _ = self.machine.takeDraft()
        self.machine.didFailToStore(.init(code: "diskFull", message: "No space."), after: .zero)
        #expect(!self.machine.isWriting)
        #expect(self.machine.unsaved.value.content == "precious")
        #expect(self.machine.unsaved.value.failure?.code == "diskFull")
        #expect(self.machine.stored.value.content.isEmpty)
        #expect(self.store(), "the same text is offered again")
        #expect(self.machine.isEnded)
        #expect(self.machine.stored.value.content == "precious")
    }

    @Test("A reply that was complete when its last write failed is stored as complete later")
    func lateDiskFull() {
        self.machine.receive(.text("whole"), after: .zero)
        self.machine.finish(.complete, after: .zero, promptEstimate: 1)
        _ = self.machine.takeDraft()
        self.machine.didFailToStore(.init(code: "diskFull", message: "No space."), after: .zero)
        #expect(self.machine.unsaved.value.state == .failed)
        #expect(self.store())
        #expect(self.machine.stored.value.state == .complete)
        #expect(self.machine.stored.value.failure == nil)
    }

    @Test("After the vault was locked nothing is stored and nothing is claimed")
    func abandon() {
        self.machine.receive(.text("secret"), after: .zero)
        self.machine.abandon()
        #expect(self.takeDraft() == nil)
        #expect(self.machine.isAbandoned)
        #expect(!self.machine.isEnded)
    }

    @Test("A reply that is over when it is looked at is over at once")
    func finished() {
        var message = Self.streaming().value
        message.state = .complete
        let machine = ReplyStateMachine(stored: Versioned(value: message, version: 4, position: 4, changedAt: .now))
        #expect(machine.isEnded)
    }
}
