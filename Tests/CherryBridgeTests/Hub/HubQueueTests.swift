import CherryCore
import Testing

@testable import CherryBridge

@Suite("The hub: bounded queues")
struct HubQueueTests {
    @Test("A full queue makes the sender hear busy, and the same message goes through later")
    func busy() throws {
        var hub = HubStage { $0.queuedMessages = 2 }
        let a = try hub.join("a")
        let b = try hub.join("b")
        for number in 1...3 {
            hub.say(["type": "send", "id": .string("\(number)"), "tool": "b", "payload": 1], a)
        }
        let answers = hub.takeAll(a)
        #expect(answers.types == ["ack", "ack", "error"])
        #expect(answers.last?["code"] == "busy")
        #expect(answers.last?["ref"] == "3")
        _ = hub.take(b)
        hub.say(["type": "send", "id": "3", "tool": "b", "payload": 1], a)
        #expect(hub.takeAll(a).types == ["ack"])
        #expect(hub.takeAll(b).map { $0["id"] } == ["a/2", "a/3"])
    }

    @Test("Bytes are bounded too, and one message always fits an empty queue")
    func bytes() throws {
        var hub = HubStage { $0.queuedBytes = 100 }
        let a = try hub.join("a")
        let b = try hub.join("b")
        let payload = JSONValue.string(String(repeating: "x", count: 200))
        hub.say(["type": "send", "id": "1", "tool": "b", "payload": payload], a)
        hub.say(["type": "send", "id": "2", "tool": "b", "payload": 1], a)
        #expect(hub.takeAll(a).types == ["ack", "error"])
        #expect(hub.takeAll(b).count == 1)
        #expect(hub.machine.connections[b]?.outbox.bytes == 0)
    }

    @Test("A broadcast that some could not take is repeated to those alone")
    func partialBroadcast() throws {
        var hub = HubStage { $0.queuedMessages = 1 }
        let a = try hub.join("a")
        let b = try hub.join("b", topics: ["tool:a"])
        let c = try hub.join("c", topics: ["tool:a"])
        hub.say(["type": "send", "id": "0", "tool": "c", "payload": 0], a)
        _ = hub.takeAll(a)
        let message: JSONValue = ["type": "send", "id": "1", "topic": "tool:a", "payload": 1]
        hub.say(message, a)
        #expect(hub.takeAll(a).codes == ["busy"])
        #expect(hub.takeAll(b).count == 1)
        #expect(hub.takeAll(c).map { $0["id"] } == ["a/0"])
        hub.say(message, a)
        #expect(hub.takeAll(a) == [["type": "ack", "ref": "1", "queued": 2]])
        #expect(hub.takeAll(b).isEmpty)
        #expect(hub.takeAll(c).map { $0["id"] } == ["a/1"])
        #expect(hub.actions.count == 1, "other processes hear it once")
    }

    @Test("A broadcast of another process that does not fit leaves a gap that is told")
    func remoteGap() throws {
        var hub = HubStage { $0.queuedMessages = 1 }
        let b = try hub.join("b", topics: ["tool:z"])
        for number in 0..<3 { hub.receive(HubBroadcast(from: "z", id: "\(number)", payload: .null)) }
        let taken = hub.takeAll(b)
        #expect(taken.types.sorted() == ["gap", "message"])
        #expect(taken.first { $0["type"] == "gap" }?["topic"] == "tool:z")
    }

    @Test("Broadcasts that were lost between processes are a gap for whoever follows a tool")
    func missedBroadcasts() throws {
        var hub = HubStage()
        let a = try hub.join("a", topics: ["tool:x", "tool:y", "presence"])
        let b = try hub.join("b")
        _ = hub.takeAll(a)
        hub.missedBroadcasts()
        #expect(Set(hub.takeAll(a).compactMap { $0["topic"]?.string }) == ["tool:x", "tool:y"])
        #expect(hub.takeAll(b).isEmpty)
    }

    @Test("Only so many broadcasts are on their way to other processes")
    func publishing() throws {
        var hub = HubStage { $0.publishing = 1 }
        let a = try hub.join("a")
        hub.say(["type": "send", "id": "1", "topic": "tool:a", "payload": 1], a)
        hub.say(["type": "send", "id": "2", "topic": "tool:a", "payload": 1], a)
        #expect(hub.takeAll(a).types == ["ack", "error"])
        hub.machine.published()
        hub.say(["type": "send", "id": "2", "topic": "tool:a", "payload": 1], a)
        #expect(hub.takeAll(a).types == ["ack"])
    }

    @Test("The sender of a message that was queued and never sent hears of it")
    func undelivered() throws {
        var hub = HubStage()
        let a = try hub.join("a")
        let b = try hub.join("b")
        hub.say(["type": "send", "id": "1", "tool": "b", "payload": 1], a)
        hub.say(["type": "send", "id": "2", "tool": "b", "payload": 1], a)
        _ = hub.takeAll(a)
        _ = hub.take(b)
        hub.leave(b)
        let told = hub.takeAll(a)
        #expect(told.codes == ["undelivered"])
        #expect(told.first?["ref"] == "2")
    }

    @Test("Who does not take what waits is closed after a while; who takes something is not")
    func tooSlow() throws {
        var hub = HubStage()
        let a = try hub.join("a")
        let b = try hub.join("b")
        hub.pass(.seconds(100))
        for number in 1...3 {
            hub.say(["type": "send", "id": .string("\(number)"), "tool": "b", "payload": 1], a)
        }
        _ = hub.takeAll(a)
        hub.pass(.seconds(29))
        _ = hub.take(b)
        hub.pass(.seconds(29))
        #expect(hub.closed.isEmpty)
        hub.pass(.seconds(1))
        #expect(hub.closed == [b: .tooSlow])
        #expect(hub.takeAll(a).codes == ["undelivered", "undelivered"])
    }

    @Test("A long idle connection that follows presence is not taken for slow when news come")
    func idleIsNotSlow() throws {
        var hub = HubStage()
        let a = try hub.join("a")
        hub.pass(.seconds(500))
        hub.say(["type": "subscribe", "topics": ["presence"]], a)
        hub.pass(.seconds(1))
        #expect(hub.closed.isEmpty)
        _ = hub.takeAll(a)
        hub.pass(.seconds(500))
        _ = try hub.join("b")
        hub.pass(.seconds(1))
        #expect(hub.closed[a] == nil)
    }

    @Test("Who asks and asks and never reads the answers is closed")
    func unreadAnswers() throws {
        var hub = HubStage { $0.queuedMessages = 4 }
        let a = try hub.join("a")
        for _ in 0..<9 { hub.say(["type": "ping"], a) }
        #expect(hub.closed[a]?.code == 1008)
    }

    @Test("The queue keeps its order and its count over many items")
    func order() {
        var outbox = HubOutbox()
        var taken: [UInt8] = []
        for round in 0..<1000 {
            outbox.append(.init(bytes: [UInt8(round % 251)]))
            if round % 3 > 0, let item = outbox.takeFirst() { taken += item.bytes }
        }
        #expect(outbox.count == 1000 - taken.count)
        #expect(outbox.bytes == outbox.count)
        while let item = outbox.takeFirst() { taken += item.bytes }
        #expect(taken == (0..<1000).map { UInt8($0 % 251) })
        #expect(outbox.bytes == 0)
        #expect(outbox.takeFirst() == nil)
    }
}
