import CherryCore

@testable import CherryBridge

/// The server's side of a conversation, held to its promises: one answer a request, none for what was cancelled, nothing
/// after the end, a bounded number under way.
struct FuzzedServer {
    private var machine = MCPServerStateMachine(
        .init(server: MCPImplementation(name: "cherry", title: "Cherry", version: "1"), instructions: "Read.")
    )
    private var running: [MCPRequestID] = []
    private var listening: Set<MCPRequestID> = []
    private var steps = 0
    private var isEnded = false

    /// Takes one line: `F` ends the request that began first, `G` has it fail, `P` tells of progress, `C` of changes, `X`
    /// closes; anything else is a message.
    mutating func take(_ line: [UInt8]) {
        let text = String(decoding: line.dropFirst(), as: UTF8.self)
        switch line.first {
        case UInt8(ascii: "F"): self.finish(.success(Self.results[text.utf8.count % Self.results.count](text)))
        case UInt8(ascii: "G"): self.finish(.failure(MCPFailure(code: -32_002, message: text, data: .string(text))))
        case UInt8(ascii: "P"):
            guard let id = self.running.first else { return }
            self.steps += 1
            self.note(self.machine.handle(.progressed(id, step: self.steps - text.utf8.count % 3, message: text)))
        case UInt8(ascii: "C"):
            let lists = MCPServerStateMachine.List.allCases.prefix(1 + text.utf8.count % 2)
            self.note(self.machine.handle(.changed(Set(lists))))
        case UInt8(ascii: "X"): self.end()
        default: self.receive(line)
        }
    }

    /// Closes, after which nothing is said.
    mutating func end() {
        let actions = self.machine.handle(.closing)
        let ended = actions.count { if case .cancel = $0 { true } else { false } }
        expect(self.isEnded || ended == self.running.count, "a request is left behind at the end")
        self.note(actions)
        self.isEnded = true
        expect(self.running.isEmpty && self.listening.isEmpty, "a request is under way after the end")
    }

    private static let results: [@Sendable (String) -> MCPResult] = [
        { .resourceTemplates([MCPResource(uri: $0, name: $0, title: $0, description: $0)]) },
        { .contents(uri: $0, mimeType: "text/markdown", text: $0) },
        { .prompt(description: $0, text: $0) },
        { .resources([MCPResource(uri: $0, name: $0, title: $0, description: $0)]) },
        { _ in .prompts([]) },
    ]

    private mutating func receive(_ line: [UInt8]) {
        let actions: [MCPServerStateMachine.Action]
        switch message(line) {
        case .success(let message):
            actions = self.machine.handle(.received(message))
            if case .request(let id, _, _) = message, !self.isEnded {
                let isAnswered = actions.contains { $0.concerns(id) }
                expect(isAnswered, "a request is neither answered nor performed")
            }
        case .failure(let unreadable):
            actions = self.machine.handle(.unreadable(unreadable))
            expect(actions.count == (self.isEnded ? 0 : 1), "what cannot be read is not refused once")
        }
        self.note(actions)
    }

    private mutating func finish(_ result: Result<MCPResult, MCPFailure>) {
        guard let id = self.running.first else { return }
        let actions = self.machine.handle(.finished(id, result))
        self.running.removeFirst()
        expect(actions.count == 1, "a request that was performed is not answered once")
        self.note(actions)
        expect(self.machine.handle(.finished(id, result)).isEmpty, "a request is answered twice")
    }

    private mutating func note(_ actions: [MCPServerStateMachine.Action]) {
        expect(!self.isEnded || actions.isEmpty, "something is said after the end")
        for action in actions {
            switch action {
            case .send(let json, let route):
                _ = again(json)
                if case .answer(let id) = route, json["result"] != nil { self.listening.remove(id) }
            case .perform(_, let id, _):
                expect(!self.running.contains(id) && !self.listening.contains(id), "an id is used twice")
                self.running.append(id)
            case .listen(let id):
                expect(!self.running.contains(id) && self.listening.insert(id).inserted, "an id is used twice")
            case .cancel(let id):
                expect(self.running.contains(id) || self.listening.contains(id), "what is not under way is cancelled")
                self.running.removeAll { $0 == id }
                self.listening.remove(id)
            }
        }
        expect(self.running.count + self.listening.count == self.machine.runningCount, "requests are lost or made up")
        expect(self.machine.runningCount <= MCPServerStateMachine.limit, "too many requests are under way")
    }
}

extension MCPServerStateMachine.Action {
    /// Whether it answers a request, performs it or keeps its answer open.
    fileprivate func concerns(_ id: MCPRequestID) -> Bool {
        switch self {
        case .send(_, let route): route == .answer(id)
        case .perform(_, let other, _), .listen(let other): other == id
        case .cancel: false
        }
    }
}
