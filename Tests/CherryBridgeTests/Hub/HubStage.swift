import CherryCore
import Testing

@testable import CherryBridge

/// A hub with a clock that the test moves, and connections that take what waits for them when the test says so.
struct HubStage {
    var machine: HubStateMachine
    var now = Duration.seconds(100)
    /// What was asked of the world, in order; wakings left out.
    var actions: [HubAction] = []
    /// The connections that were closed, and why.
    var closed: [HubConnectionID: HubClosing] = [:]
    var woken: Set<HubConnectionID> = []

    init(_ change: (inout HubLimits) -> Void = { _ in }) {
        var limits = HubLimits()
        change(&limits)
        self.machine = HubStateMachine(limits: limits)
    }

    static func grant(_ id: String = "token", reads: Bool = false, connections: Int = 8) -> HubGrant {
        HubGrant(id: id, mayReadContext: reads, maximumConnections: connections)
    }

    private mutating func note(_ actions: [HubAction]) {
        for action in actions {
            switch action {
            case .wake(let id): self.woken.insert(id)
            case .close(let id, let closing): self.closed[id] = closing
            default: self.actions.append(action)
            }
        }
    }

    mutating func connect(_ grant: HubGrant = HubStage.grant()) throws -> HubConnectionID {
        try self.machine.admit(grant, at: self.now)
    }

    /// Connects and greets; what is answered is taken.
    mutating func join(
        _ name: String,
        _ grant: HubGrant? = nil,
        capabilities: [String] = [],
        topics: [String] = [],
        position: Int? = nil,
        content: Bool = false
    ) throws -> HubConnectionID {
        let id = try self.connect(grant ?? HubStage.grant(name))
        var hello: JSONValue = [
            "type": "hello", "name": .string(name), "capabilities": .array(capabilities.map { .string($0) }),
            "topics": .array(topics.map { .string($0) }), "content": .bool(content),
        ]
        if let position { hello["position"] = .integer(Int64(position)) }
        self.say(hello, id)
        let welcomeTaken = self.take(id)
        let welcome = try #require(welcomeTaken)
        #expect(welcome["type"] == "welcome")
        return id
    }

    mutating func say(_ message: JSONValue, _ id: HubConnectionID) {
        self.note(self.machine.receive(message.bytes, from: id, at: self.now))
    }

    mutating func say(bytes: [UInt8], _ id: HubConnectionID) {
        self.note(self.machine.receive(bytes, from: id, at: self.now))
    }

    /// The next message that waits for a connection.
    mutating func take(_ id: HubConnectionID) -> JSONValue? {
        let (bytes, actions) = self.machine.take(id, at: self.now)
        self.note(actions)
        return bytes.flatMap { try? JSONValue(parsing: $0) }
    }

    /// Everything that waits for a connection.
    mutating func takeAll(_ id: HubConnectionID) -> [JSONValue] {
        var all: [JSONValue] = []
        while let next = self.take(id) { all.append(next) }
        return all
    }

    mutating func leave(_ id: HubConnectionID) { self.note(self.machine.leave(id, at: self.now)) }

    mutating func pass(_ time: Duration) {
        self.now += time
        self.note(self.machine.advance(to: self.now))
    }

    mutating func reset() { self.note(self.machine.reset(as: .sealed)) }

    mutating func close(_ grant: String) {
        self.note(self.machine.close(as: .revoked, at: self.now) { $0.id == grant })
    }

    mutating func feedReached(_ position: Int64) { self.note(self.machine.feedReached(position)) }

    mutating func feedRead(_ page: HubFeedPage, _ id: HubConnectionID) {
        self.note(self.machine.feedRead(page, for: id, at: self.now))
    }

    mutating func feedFailed(_ id: HubConnectionID) {
        self.note(self.machine.feedFailed(for: id, at: self.now))
    }

    mutating func receive(_ broadcast: HubBroadcast) { self.note(self.machine.receive(broadcast, at: self.now)) }

    mutating func missedBroadcasts() { self.note(self.machine.missedBroadcasts(at: self.now)) }

    /// The reads of the feed that were asked for since the last look.
    mutating func takeReads() -> [HubFeedRead] {
        defer { self.actions = [] }
        return self.actions.compactMap { if case .readFeed(let read) = $0 { read } else { nil } }
    }
}

extension [JSONValue] {
    var types: [String] { self.map { $0["type"]?.string ?? "" } }

    /// The codes of the errors among them.
    var codes: [String] { self.compactMap { $0["code"]?.string } }
}
