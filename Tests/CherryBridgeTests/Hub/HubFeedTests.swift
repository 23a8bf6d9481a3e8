import CherryCore
import Testing

@testable import CherryBridge

@Suite("The hub: events of the change feed")
struct HubFeedTests {
    private static func change(
        _ position: Int64,
        _ collection: RecordCollection = .messages,
        value: JSONValue? = nil
    ) -> HubChange {
        HubChange(position: position, collection: collection, id: .make(), version: 1, value: value)
    }

    private static func page(since: Int64, _ changes: [HubChange], next: Int64, hasMore: Bool = false) -> HubFeedPage {
        HubFeedPage(since: since, changes: changes, next: next, hasMore: hasMore, isStale: false)
    }

    @Test("Following begins at the newest position, and every later change is read and told once")
    func live() throws {
        var hub = HubStage()
        hub.feedReached(10)
        let a = try hub.join("a")
        hub.say(["type": "subscribe", "id": "s", "topics": ["conversations"]], a)
        #expect(hub.takeAll(a) == [["type": "ack", "ref": "s", "position": 10]])
        #expect(hub.takeReads().isEmpty)
        hub.feedReached(12)
        let reads = hub.takeReads()
        #expect(reads.map(\.since) == [10])
        #expect(reads.first?.collections == [.conversations, .messages])
        #expect(reads.first?.wantsContent == false)
        hub.feedReached(13)
        #expect(hub.takeReads().isEmpty, "one read at a time")
        hub.feedRead(Self.page(since: 10, [Self.change(11), Self.change(12, .conversations)], next: 12), a)
        #expect(hub.takeAll(a).map { $0["position"] } == [11, 12])
        #expect(hub.takeReads().map(\.since) == [12])
        hub.feedRead(Self.page(since: 12, [Self.change(13)], next: 13), a)
        #expect(hub.takeAll(a).map { $0["position"] } == [13])
        #expect(hub.takeReads().isEmpty)
    }

    @Test("An event names the record and its place, and nothing else")
    func shape() throws {
        var hub = HubStage()
        let a = try hub.join("a", topics: ["conversations"])
        hub.feedReached(3)
        let id = RecordID.make()
        let scope = RecordID.make()
        var change = HubChange(position: 3, collection: .messages, id: id, scope: scope, version: 2, isDeleted: true)
        hub.feedRead(Self.page(since: 0, [change], next: 3), a)
        #expect(
            hub.takeAll(a) == [
                [
                    "type": "event", "topic": "conversations", "position": 3, "collection": "messages",
                    "id": .string(id.description), "within": .string(scope.description), "version": 2,
                    "deleted": true,
                ]
            ]
        )
        hub.feedReached(4)
        change.isDeleted = false
        change.position = 4
        change.value = ["content": "words"]
        hub.feedRead(Self.page(since: 3, [change], next: 4), a)
        #expect(hub.takeAll(a).first?["value"]?["content"] == "words")
    }

    @Test("Only a token that may read the context gets what records say")
    func content() throws {
        var hub = HubStage()
        let a = try hub.join("a")
        hub.say(["type": "subscribe", "id": "1", "topics": ["context"], "content": true], a)
        #expect(hub.takeAll(a).codes == ["forbidden"])
        let b = try hub.join("b", HubStage.grant("b", reads: true), topics: ["context"], content: true)
        hub.feedReached(1)
        let reads = hub.takeReads()
        #expect(reads.map(\.connection) == [b])
        #expect(reads.first?.wantsContent == true)
        #expect(reads.first?.collections == [.context, .personas])
    }

    @Test("A client that comes back goes on after its position, page by page, then live")
    func resume() throws {
        var hub = HubStage()
        hub.feedReached(100)
        let a = try hub.join("a", topics: ["conversations"], position: 40)
        #expect(hub.takeReads().map(\.since) == [40])
        hub.feedRead(Self.page(since: 40, [Self.change(41)], next: 70, hasMore: true), a)
        #expect(hub.takeReads().map(\.since) == [70])
        hub.feedReached(101)
        hub.feedRead(Self.page(since: 70, [Self.change(100)], next: 100), a)
        #expect(hub.takeReads().map(\.since) == [100])
        hub.feedRead(Self.page(since: 100, [Self.change(101)], next: 101), a)
        #expect(hub.takeAll(a).map { $0["position"] } == [41, 100, 101])
    }

    @Test("A position given in hello counts from the first topic that is followed, also later")
    func resumeLater() throws {
        var hub = HubStage()
        hub.feedReached(100)
        let a = try hub.join("a", position: 40)
        hub.say(["type": "subscribe", "id": "1", "topics": ["context"]], a)
        #expect(hub.takeAll(a).first?["position"] == 40)
        #expect(hub.takeReads().map(\.since) == [40])
    }

    @Test("A position that is too old, or of another store, is a gap, and events go on from now", arguments: [5, 900])
    func stale(position: Int) throws {
        var hub = HubStage()
        hub.feedReached(100)
        let a = try hub.join("a", topics: ["context"], position: position)
        #expect(hub.takeReads().map(\.since) == [Int64(position)])
        hub.feedRead(
            HubFeedPage(since: Int64(position), changes: [], next: 0, hasMore: false, isStale: true),
            a
        )
        #expect(hub.takeAll(a) == [["type": "gap", "position": 100]])
        hub.feedReached(101)
        #expect(hub.takeReads().map(\.since) == [100])
    }

    @Test("A topic that is followed while the feed is read loses nothing: the stretch is read again")
    func widened() throws {
        var hub = HubStage()
        let a = try hub.join("a", topics: ["context"])
        hub.feedReached(5)
        #expect(hub.takeReads().first?.collections == [.context, .personas])
        hub.say(["type": "subscribe", "topics": ["conversations"]], a)
        #expect(hub.takeReads().isEmpty)
        hub.feedRead(Self.page(since: 0, [Self.change(2, .personas)], next: 5), a)
        #expect(hub.takeAll(a).isEmpty)
        let again = hub.takeReads()
        #expect(again.map(\.since) == [0])
        #expect(again.first?.collections == [.context, .personas, .conversations, .messages])
    }

    @Test("Who stops following is told nothing more, and begins anew at the newest")
    func unfollowed() throws {
        var hub = HubStage()
        let a = try hub.join("a", topics: ["context"])
        hub.feedReached(5)
        _ = hub.takeReads()
        hub.say(["type": "unsubscribe", "topics": ["context"]], a)
        hub.feedReached(6)
        hub.say(["type": "subscribe", "id": "1", "topics": ["context"]], a)
        #expect(hub.takeAll(a).first?["position"] == 6)
        hub.feedRead(Self.page(since: 0, [Self.change(5, .personas)], next: 5), a)
        #expect(hub.takeAll(a).isEmpty)
    }

    @Test("A slow connection is read for only while it has room, and in the end has seen everything once, in order")
    func backPressure() throws {
        var hub = HubStage {
            $0.queuedMessages = 8
            $0.feedPage = 4
        }
        let a = try hub.join("a", topics: ["conversations"])
        hub.feedReached(100)
        var seen: [Int] = []
        var most = 0
        while seen.count < 100 {
            for read in hub.takeReads() {
                let positions = (read.since + 1)...min(100, read.since + Int64(read.limit))
                hub.feedRead(
                    Self.page(
                        since: read.since,
                        positions.map { Self.change($0) },
                        next: positions.upperBound,
                        hasMore: positions.upperBound < 100
                    ),
                    a
                )
            }
            most = max(most, hub.machine.connections[a]?.outbox.count ?? 0)
            let next = hub.take(a)
            seen.append(try #require(next?["position"]?.integer))
        }
        #expect(seen == Array(1...100))
        #expect(most == 6, "a quarter of the queue and one page")
    }

    @Test("A feed that has nothing at the announced position is not asked in circles")
    func noHotLoop() throws {
        var hub = HubStage()
        let a = try hub.join("a", topics: ["context"])
        hub.feedReached(7)
        #expect(hub.takeReads().count == 1)
        hub.feedRead(Self.page(since: 0, [], next: 0), a)
        #expect(hub.takeReads().isEmpty)
        hub.feedReached(8)
        #expect(hub.takeReads().count == 1)
    }

    @Test("A feed that cannot be read is told and tried again when it moves")
    func failure() throws {
        var hub = HubStage()
        let a = try hub.join("a", topics: ["context"])
        hub.feedReached(7)
        _ = hub.takeReads()
        hub.feedFailed(a)
        #expect(hub.takeAll(a).codes == ["unavailable"])
        hub.feedReached(8)
        #expect(hub.takeReads().map(\.since) == [0])
    }

    @Test("A pong tells how far the events have come")
    func pong() throws {
        var hub = HubStage()
        hub.feedReached(3)
        let a = try hub.join("a")
        hub.say(["type": "ping", "id": "x"], a)
        #expect(hub.takeAll(a) == [["type": "pong", "ref": "x", "position": 3]])
    }
}
