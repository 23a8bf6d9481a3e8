import CherryCore

@testable import CherryBridge

/// The client's side of a conversation, held to its promises: of each call the outcome is told once, of one that nobody
/// waits for never, and the beginning comes to one outcome.
struct FuzzedClient {
    private var machine: MCPClientStateMachine
    private var waiting: Set<Int64> = []
    private var beginnings = 0

    init(cancelsByClosing: Bool) {
        self.machine = MCPClientStateMachine(
            client: MCPImplementation(name: "cherry", version: "1"),
            cancelsByClosing: cancelsByClosing
        )
        self.note(self.machine.handle(.start))
    }

    /// Takes one line: `Q` asks, `A` gives up on the oldest call, `T` ends the wait for the first answer, `X` closes;
    /// anything else is a message of the server.
    mutating func take(_ line: [UInt8]) {
        let text = String(decoding: line.dropFirst(), as: UTF8.self)
        switch line.first {
        case UInt8(ascii: "Q"):
            guard let call = self.machine.call("tools/call", ["name": .string(text)], wantsProgress: text.isEmpty)
            else { return }
            expect(self.waiting.insert(call.id).inserted, "an id is used twice")
            expect(again(call.message.json(self.machine.version)) == call.message, "a call is written as another")
        case UInt8(ascii: "A"):
            let id = self.waiting.min() ?? 0
            self.waiting.remove(id)
            self.note(self.machine.handle(.abandoned(id)))
        case UInt8(ascii: "T"): self.note(self.machine.handle(.probeTimedOut))
        case UInt8(ascii: "X"): self.note(self.machine.handle(.closed))
        default:
            if case .success(let message) = message(line) { self.note(self.machine.handle(.received(message))) }
        }
    }

    /// Closes: every call that waits is lost, once.
    mutating func end() {
        self.note(self.machine.handle(.closed))
        expect(self.waiting.isEmpty, "a call waits after the end")
        expect(self.beginnings == 1, "the beginning came to \(self.beginnings) outcomes")
        expect(self.machine.call("ping") == nil, "calls go on after the end")
    }

    private mutating func note(_ actions: [MCPClientStateMachine.Action]) {
        for action in actions {
            switch action {
            case .send(let message): expect(again(message.json(self.machine.version)) == message, "a message changes")
            case .connected, .refused: self.beginnings += 1
            case .answer(let id, _), .lost(let id): expect(self.waiting.remove(id) != nil, "a call ends twice")
            case .progress(let id): expect(self.waiting.contains(id), "progress of what nobody waits for")
            case .toolsChanged: break
            }
        }
    }
}
