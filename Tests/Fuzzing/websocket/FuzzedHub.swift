import CherryCore

@testable import CherryBridge

/// A hub with tight bounds and a few connections, held to its promises whatever they say.
struct FuzzedHub {
    private static let limits: HubLimits = {
        var limits = HubLimits()
        limits.queuedMessages = 4
        limits.queuedBytes = 2048
        limits.connections = 4
        limits.topics = 3
        limits.capabilities = 3
        limits.openTasks = 3
        limits.taskBytes = 2048
        limits.rememberedIDs = 3
        limits.awayTools = 2
        limits.feedPage = 4
        limits.publishing = 2
        return limits
    }()

    private var machine = HubStateMachine(limits: Self.limits)
    private var now = Duration.seconds(100)
    private var open: [HubConnectionID] = []
    private var reads: [HubFeedRead] = []
    private var position: Int64 = 0
    private var publishing = 0

    /// Takes one line: a digit for the connection that says the rest, or a letter for something else that happens.
    mutating func take(_ line: [UInt8]) {
        guard let first = line.first else { return }
        let rest = line.dropFirst()
        let chosen = self.open.isEmpty ? nil : self.open[Int(rest.first ?? 0) % self.open.count]
        switch first {
        case UInt8(ascii: "0")...UInt8(ascii: "3"):
            let place = Int(first - UInt8(ascii: "0"))
            guard self.open.indices.contains(place) else { return }
            self.note(self.machine.receive(rest, from: self.open[place], at: self.now))
        case UInt8(ascii: "C"): self.connect("token\(rest.count % 3)", mayRead: rest.first == UInt8(ascii: "r"))
        case UInt8(ascii: "T"): if let chosen { self.drain(chosen, atMost: 1 + rest.count) }
        case UInt8(ascii: "L"):
            guard let chosen else { return }
            self.note(self.machine.leave(chosen, at: self.now))
            self.open.removeAll { $0 == chosen }
        case UInt8(ascii: "W"):
            self.now += .seconds(1 + rest.count * rest.count)
            self.note(self.machine.advance(to: self.now))
        case UInt8(ascii: "F"):
            self.position += Int64(1 + rest.count)
            self.note(self.machine.feedReached(self.position))
        case UInt8(ascii: "R"): self.answerRead(rest)
        case UInt8(ascii: "B"):
            guard let broadcast = HubBroadcast(bytes: Array(rest), notFrom: "here") else { return }
            expect(
                HubBroadcast(bytes: broadcast.bytes(from: "there"), notFrom: "here") == broadcast,
                "a broadcast changes"
            )
            self.note(self.machine.receive(broadcast, at: self.now))
        case UInt8(ascii: "M"): self.note(self.machine.missedBroadcasts(at: self.now))
        case UInt8(ascii: "P"): self.publish()
        case UInt8(ascii: "V"): self.note(self.machine.close(as: .revoked, at: self.now) { $0.id == "token1" })
        case UInt8(ascii: "X"): self.note(self.machine.reset(as: .sealed))
        default: break
        }
        self.check()
    }

    /// Has everything taken and everybody leave, after which nothing is kept.
    mutating func end() {
        for id in self.open { self.drain(id, atMost: 10_000) }
        for id in self.open { self.note(self.machine.leave(id, at: self.now)) }
        self.open = []
        self.now += .seconds(100_000)
        self.note(self.machine.advance(to: self.now))
        self.now += .seconds(100_000)
        self.note(self.machine.advance(to: self.now))
        self.check()
        expect(self.machine.tools.isEmpty, "tools are remembered for ever")
        expect(self.machine.tasks.isEmpty && self.machine.taskBytes == 0, "tasks are kept for ever")
    }

    private mutating func connect(_ token: String, mayRead: Bool) {
        let grant = HubGrant(id: token, mayReadContext: mayRead, maximumConnections: 2)
        do throws(HubProblem) {
            self.open.append(try self.machine.admit(grant, at: self.now))
        } catch {
            expect(error.code == .tooMany, "a connection is refused for another reason")
        }
    }

    private mutating func drain(_ id: HubConnectionID, atMost count: Int) {
        for _ in 0..<count {
            let (bytes, actions) = self.machine.take(id, at: self.now)
            self.note(actions)
            guard let bytes else { return }
            let message = try? JSONValue(parsing: bytes)  // `nil` is the finding
            expect(message?["type"]?.string != nil, "the hub says what is no message")
        }
        expect(count < 10_000, "what waits never ends")
    }

    private mutating func answerRead(_ rest: ArraySlice<UInt8>) {
        guard let read = self.reads.popLast() else { return }
        guard rest.first != UInt8(ascii: "!") else {
            self.note(self.machine.feedFailed(for: read.connection, at: self.now))
            return
        }
        let isStale = rest.first == UInt8(ascii: "?")
        let next = min(read.since + Int64(read.limit), max(self.position, read.since))
        let changes = (read.since..<max(next, read.since)).map { position in
            HubChange(
                position: position + 1,
                collection: RecordCollection.allCases[Int(position) % RecordCollection.allCases.count],
                id: .make(),
                version: position,
                value: read.wantsContent ? .string(String(decoding: rest, as: UTF8.self)) : nil
            )
        }
        let page = HubFeedPage(
            since: read.since,
            changes: changes.filter { read.collections.contains($0.collection) },
            next: next,
            hasMore: next < self.position,
            isStale: isStale
        )
        self.note(self.machine.feedRead(page, for: read.connection, at: self.now))
    }

    private mutating func publish() {
        guard self.publishing > 0 else { return }
        self.publishing -= 1
        self.machine.published()
    }

    private mutating func note(_ actions: [HubAction]) {
        for action in actions {
            switch action {
            case .wake(let id): expect(self.open.contains(id), "one that has left is woken")
            case .close(let id, let closing):
                expect(self.open.contains(id), "one that has left is closed")
                expect(closing.reason.utf8.count <= 123, "a reason does not fit a close frame")
                self.open.removeAll { $0 == id }
            case .readFeed(let read):
                expect(!self.reads.contains { $0.connection == read.connection }, "the feed is read twice at once")
                expect(
                    !read.wantsContent || self.machine.connections[read.connection]?.grant.mayReadContext == true,
                    "content without leave"
                )
                self.reads.append(read)
            case .publish: self.publishing += 1
            }
        }
        self.reads.removeAll { read in !self.open.contains(read.connection) }
    }

    private func check() {
        let (machine, limits) = (self.machine, Self.limits)
        expect(machine.connectionCount == self.open.count, "connections are lost or made up")
        expect(machine.connectionCount <= limits.connections, "too many connections")
        expect(machine.tools.values.count { $0.connection == nil } <= limits.awayTools, "too many tools are remembered")
        expect(machine.taskBytes >= 0 && machine.taskBytes <= limits.taskBytes, "tasks take too much room")
        expect(machine.publishing == self.publishing && self.publishing <= limits.publishing, "too much is published")
        for connection in machine.connections.values {
            expect(connection.topics.count <= limits.topics, "too many topics")
        }
        for tool in machine.tools.values {
            let open = machine.tasks.values.count { $0.requester == tool.presence.name }
            expect(open <= limits.openTasks, "too many open tasks")
        }
    }
}
