import CherryCore
import Testing

@testable import CherryBridge

@Suite("The hub: tasks")
struct HubTaskTests {
    private static func offer(_ id: String = "1", capability: String = "translate", deadline: Int? = nil) -> JSONValue {
        var message: JSONValue = [
            "type": "task.offer", "id": .string(id), "capability": .string(capability), "payload": ["text": "hello"],
        ]
        if let deadline { message["deadline"] = .integer(Int64(deadline)) }
        return message
    }

    @Test("A task is offered, accepted, reported on, done and acknowledged")
    func whole() throws {
        var hub = HubStage()
        let a = try hub.join("a")
        let b = try hub.join("b", capabilities: ["translate"])
        hub.say(Self.offer(deadline: 5000), a)
        #expect(hub.takeAll(a) == [["type": "ack", "ref": "1", "task": "a/1", "tool": "b"]])
        #expect(
            hub.takeAll(b)
                == [["type": "task.offer", "task": "a/1", "from": "a", "deadline": 5000, "payload": ["text": "hello"]]]
        )
        hub.say(["type": "task.accept", "id": "x", "task": "a/1"], b)
        #expect(hub.takeAll(b) == [["type": "ack", "ref": "x"]])
        #expect(hub.takeAll(a) == [["type": "task.accept", "task": "a/1", "by": "b"]])
        hub.say(["type": "task.progress", "task": "a/1", "payload": 0.5], b)
        #expect(hub.takeAll(a) == [["type": "task.progress", "task": "a/1", "by": "b", "payload": 0.5]])
        hub.say(["type": "task.done", "id": "y", "task": "a/1", "payload": "bonjour"], b)
        #expect(hub.takeAll(b).types == ["ack"])
        #expect(hub.takeAll(a) == [["type": "task.done", "task": "a/1", "by": "b", "payload": "bonjour"]])
        hub.say(["type": "ack", "ref": "a/1"], a)
        #expect(hub.machine.tasks.isEmpty)
        #expect(hub.machine.taskBytes == 0)
        hub.say(["type": "ack", "ref": "a/1"], a)
        #expect(hub.takeAll(a).isEmpty, "a second acknowledgement is not wrong")
    }

    @Test("Repeats of an offer, an acceptance and an end do nothing twice")
    func repeats() throws {
        var hub = HubStage()
        let a = try hub.join("a")
        let b = try hub.join("b", capabilities: ["translate"])
        for _ in 0..<2 { hub.say(Self.offer(), a) }
        #expect(hub.takeAll(b).count == 1)
        for _ in 0..<2 { hub.say(["type": "task.accept", "task": "a/1"], b) }
        for _ in 0..<2 { hub.say(["type": "task.done", "id": "d", "task": "a/1", "payload": 1], b) }
        #expect(hub.takeAll(a).types == ["ack", "ack", "task.accept", "task.done"])
        #expect(hub.takeAll(b).types == ["ack", "ack"])
    }

    @Test("A task goes to whoever can do it and has the least to do, never back to its requester")
    func choice() throws {
        var hub = HubStage()
        let a = try hub.join("a", capabilities: ["translate"])
        _ = try hub.join("other")
        hub.say(Self.offer("0"), a)
        #expect(hub.takeAll(a).codes == ["nobody"])
        _ = try hub.join("b", capabilities: ["translate"])
        _ = try hub.join("c", capabilities: ["translate"])
        for id in ["1", "2", "3"] { hub.say(Self.offer(id), a) }
        #expect(hub.takeAll(a).map { $0["tool"] } == ["b", "c", "b"])
    }

    @Test("When a tool leaves before it accepted, the next gets the task; when nobody is left, it has failed")
    func handOver() throws {
        var hub = HubStage()
        let a = try hub.join("a")
        let b = try hub.join("b", capabilities: ["translate"])
        let c = try hub.join("c", capabilities: ["translate"])
        hub.say(Self.offer(), a)
        _ = hub.takeAll(a)
        hub.leave(b)
        #expect(hub.takeAll(c).map { $0["task"] } == ["a/1"])
        let back = try hub.join("b", capabilities: ["translate"])
        #expect(hub.takeAll(back).isEmpty)
        hub.leave(c)
        #expect(hub.takeAll(back).isEmpty, "it had its turn")
        #expect(
            hub.takeAll(a) == [
                [
                    "type": "task.fail", "task": "a/1", "code": "nobody",
                    "message": "No tool that is here takes the task.",
                ]
            ]
        )
    }

    @Test("When a tool leaves that a task was offered to by name, the requester hears that it is gone")
    func directGone() throws {
        var hub = HubStage()
        let a = try hub.join("a")
        let b = try hub.join("b")
        hub.say(["type": "task.offer", "id": "1", "tool": "b", "payload": 1], a)
        hub.leave(b)
        #expect(hub.takeAll(a).codes == ["gone"])
        hub.say(["type": "task.offer", "id": "2", "tool": "b", "payload": 1], a)
        #expect(hub.takeAll(a).codes == ["noSuchTool"])
    }

    @Test("A tool that declines passes the task on; one that gives up ends it")
    func declined() throws {
        var hub = HubStage()
        let a = try hub.join("a")
        let b = try hub.join("b", capabilities: ["translate"])
        let c = try hub.join("c", capabilities: ["translate"])
        hub.say(Self.offer(), a)
        hub.say(["type": "task.fail", "task": "a/1"], b)
        #expect(hub.takeAll(c).types == ["task.offer"])
        hub.say(["type": "task.accept", "task": "a/1"], c)
        _ = hub.takeAll(a)
        hub.say(["type": "task.fail", "task": "a/1", "message": "no such language"], c)
        #expect(
            hub.takeAll(a)
                == [["type": "task.fail", "task": "a/1", "by": "c", "code": "failed", "message": "no such language"]]
        )
        _ = hub.takeAll(b)
        hub.say(["type": "task.accept", "task": "a/1"], b)
        #expect(hub.takeAll(b).codes == ["noSuchTask"])
    }

    @Test("An offer that is not accepted in time goes on to the next, and the late one hears no")
    func notAccepted() throws {
        var hub = HubStage()
        let a = try hub.join("a")
        let b = try hub.join("b", capabilities: ["translate"])
        let c = try hub.join("c", capabilities: ["translate"])
        hub.say(Self.offer(), a)
        _ = hub.takeAll(b)
        hub.pass(.seconds(14))
        #expect(hub.takeAll(c).isEmpty)
        hub.pass(.seconds(1))
        #expect(hub.takeAll(c).types == ["task.offer"])
        #expect(hub.takeAll(b).codes == ["expired"])
        hub.say(["type": "task.accept", "task": "a/1"], b)
        #expect(hub.takeAll(b).codes == ["noSuchTask"])
    }

    @Test("A task that is not done by its deadline has expired, and both hear of it")
    func deadline() throws {
        var hub = HubStage()
        let a = try hub.join("a")
        let b = try hub.join("b", capabilities: ["translate"])
        hub.say(Self.offer(deadline: 2000), a)
        hub.say(["type": "task.accept", "task": "a/1"], b)
        _ = hub.takeAll(a)
        _ = hub.takeAll(b)
        hub.pass(.milliseconds(1999))
        #expect(hub.takeAll(a).isEmpty)
        hub.pass(.milliseconds(1))
        #expect(hub.takeAll(a).codes == ["expired"])
        #expect(hub.takeAll(b).codes == ["expired"])
        hub.say(["type": "task.done", "task": "a/1", "payload": 1], b)
        #expect(hub.takeAll(b).codes == ["noSuchTask"])
    }

    @Test("A requester that withdraws has its worker told")
    func withdrawn() throws {
        var hub = HubStage()
        let a = try hub.join("a")
        let b = try hub.join("b", capabilities: ["translate"])
        hub.say(Self.offer(), a)
        hub.say(["type": "task.accept", "task": "a/1"], b)
        _ = hub.takeAll(b)
        hub.say(["type": "task.fail", "task": "a/1"], a)
        #expect(hub.takeAll(b) == [["type": "task.fail", "task": "a/1", "by": "a", "code": "withdrawn"]])
        #expect(hub.machine.tasks.isEmpty)
    }

    @Test("A result waits for a requester that is away, and comes again until it is acknowledged")
    func resultWaits() throws {
        var hub = HubStage()
        let a = try hub.join("a")
        let b = try hub.join("b", capabilities: ["translate"])
        hub.say(Self.offer(), a)
        hub.say(["type": "task.accept", "task": "a/1"], b)
        hub.leave(a)
        hub.say(["type": "task.progress", "id": "p", "task": "a/1", "payload": 1], b)
        hub.say(["type": "task.done", "id": "d", "task": "a/1", "payload": "bonjour"], b)
        #expect(hub.takeAll(b).suffix(2).map { $0["type"] } == ["error", "ack"])
        var back = try hub.join("a")
        #expect(hub.takeAll(back).map { $0["payload"] } == ["bonjour"])
        hub.leave(back)
        back = try hub.join("a")
        #expect(hub.takeAll(back).map { $0["payload"] } == ["bonjour"])
        hub.say(["type": "ack", "ref": "a/1"], back)
        hub.leave(back)
        back = try hub.join("a")
        #expect(hub.takeAll(back).isEmpty)
    }

    @Test("A worker that comes back in time keeps its task and is reminded of it; one that does not has failed")
    func workerAway() throws {
        var hub = HubStage()
        let a = try hub.join("a")
        var b = try hub.join("b", capabilities: ["translate"])
        hub.say(Self.offer(), a)
        hub.say(["type": "task.accept", "task": "a/1"], b)
        _ = hub.takeAll(a)
        hub.leave(b)
        hub.pass(.seconds(30))
        b = try hub.join("b", capabilities: ["translate"])
        let reminded = hub.takeAll(b)
        #expect(reminded.types == ["task.offer"])
        #expect(reminded.first?["accepted"] == true)
        #expect(reminded.first?["payload"]?["text"] == "hello")
        hub.leave(b)
        hub.pass(.seconds(59))
        #expect(hub.takeAll(a).isEmpty)
        hub.pass(.seconds(1))
        #expect(hub.takeAll(a).codes == ["gone"])
    }

    @Test("When a requester does not come back, its tasks are withdrawn and its results forgotten")
    func requesterGone() throws {
        var hub = HubStage()
        let a = try hub.join("a")
        let b = try hub.join("b", capabilities: ["translate"])
        hub.say(Self.offer("1"), a)
        hub.say(Self.offer("2"), a)
        for id in ["a/1", "a/2"] { hub.say(["type": "task.accept", "task": .string(id)], b) }
        hub.say(["type": "task.done", "task": "a/2", "payload": 1], b)
        _ = hub.takeAll(b)
        hub.leave(a)
        hub.pass(.seconds(60))
        let told = hub.takeAll(b)
        #expect(told.codes == ["withdrawn"])
        #expect(told.first?["task"] == "a/1")
        #expect(hub.machine.tasks.isEmpty)
    }

    @Test("A result that was sent and never acknowledged is forgotten after a while")
    func retention() throws {
        var hub = HubStage()
        let a = try hub.join("a")
        let b = try hub.join("b", capabilities: ["translate"])
        hub.say(Self.offer(), a)
        hub.say(["type": "task.done", "task": "a/1", "payload": 1], b)
        #expect(hub.takeAll(a).types == ["ack", "task.done"])
        hub.pass(.seconds(59))
        #expect(hub.machine.tasks.count == 1)
        hub.pass(.seconds(1))
        #expect(hub.machine.tasks.isEmpty)
    }

    @Test("Tasks are bounded in number and bytes, and one nobody has room for is refused")
    func bounds() throws {
        var hub = HubStage {
            $0.openTasks = 2
            $0.taskBytes = 300
            $0.queuedMessages = 2
        }
        let a = try hub.join("a")
        let b = try hub.join("b", capabilities: ["translate"])
        for id in ["1", "2", "3"] { hub.say(Self.offer(id), a) }
        #expect(hub.takeAll(a).compactMap { $0["code"] } == ["tooMany"])
        let other = try hub.join("other")
        hub.say(Self.offer("1"), other)
        #expect(hub.takeAll(other).codes == ["busy"], "the queue of b is full")
        _ = hub.takeAll(b)
        hub.say(
            [
                "type": "task.offer", "id": "2", "tool": "b",
                "payload": .string(String(repeating: "x", count: 200)),
            ],
            other
        )
        #expect(hub.takeAll(other).codes == ["busy"], "too many bytes in all")
    }

    @Test("Nobody reports on or ends a task that is not theirs")
    func strangers() throws {
        var hub = HubStage()
        let a = try hub.join("a")
        let b = try hub.join("b", capabilities: ["translate"])
        let c = try hub.join("c")
        hub.say(Self.offer(), a)
        for type in ["task.accept", "task.fail"] { hub.say(["type": .string(type), "task": "a/1"], c) }
        for type in ["task.progress", "task.done"] {
            hub.say(["type": .string(type), "task": "a/1", "payload": 1], c)
        }
        hub.say(["type": "task.progress", "task": "a/1", "payload": 1], b)
        #expect(hub.takeAll(c).codes == Array(repeating: "noSuchTask", count: 4))
        #expect(hub.takeAll(b).codes == ["noSuchTask"], "it is not accepted yet")
        #expect(hub.machine.tasks["a/1"]?.isOpen == true)
    }
}
