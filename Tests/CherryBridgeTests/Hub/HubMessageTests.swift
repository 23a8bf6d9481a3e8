import CherryCore
import Testing

@testable import CherryBridge

@Suite("The hub: messages and presence")
struct HubMessageTests {
    @Test("A tool that greets is welcomed with the position and the limits")
    func welcome() throws {
        var hub = HubStage()
        hub.feedReached(41)
        let id = try hub.connect()
        hub.say(["type": "hello", "id": "h1", "name": "editor"], id)
        let welcomeTaken = hub.take(id)
        let welcome = try #require(welcomeTaken)
        #expect(welcome["type"] == "welcome")
        #expect(welcome["ref"] == "h1")
        #expect(welcome["name"] == "editor")
        #expect(welcome["position"] == 41)
        #expect(welcome["resumed"] == false)
        #expect(welcome["limits"]?["messageBytes"] == 262_144)
        #expect(hub.take(id) == nil)
    }

    @Test("Nothing but hello and ping is done before the hello, and hello is done once")
    func helloFirst() throws {
        var hub = HubStage()
        let id = try hub.connect()
        hub.say(["type": "announce"], id)
        hub.say(["type": "ping", "id": "p"], id)
        let before = hub.takeAll(id)
        #expect(before.types == ["error", "pong"])
        #expect(before.codes == ["helloFirst"])
        hub.say(["type": "hello", "name": "editor"], id)
        hub.say(["type": "hello", "name": "editor"], id)
        let after = hub.takeAll(id)
        #expect(after.types == ["welcome", "error"])
        #expect(after.codes == ["alreadyGreeted"])
    }

    @Test("The welcome comes before any news, also after a first message that was wrong")
    func welcomeFirst() throws {
        var hub = HubStage()
        let id = try hub.connect()
        hub.say(["type": "announce"], id)
        hub.say(["type": "hello", "name": "a", "topics": ["presence"]], id)
        #expect(hub.takeAll(id).types == ["error", "welcome", "presence"])
    }

    @Test("A connection that does not greet is closed")
    func noHello() throws {
        var hub = HubStage()
        let id = try hub.connect()
        hub.pass(.seconds(9))
        #expect(hub.closed.isEmpty)
        hub.pass(.seconds(1))
        #expect(hub.closed[id]?.code == 1008)
        #expect(hub.machine.connectionCount == 0)
    }

    @Test(
        "What is not a message of this protocol gets an error, and the connection goes on",
        arguments: [
            ("", "malformed"), ("{", "malformed"), ("[]", "malformed"), ("1", "malformed"), ("{}", "malformed"),
            (#"{"type":7}"#, "malformed"), (#"{"type":"shout","id":"x"}"#, "unknownType"),
            (#"{"type":"ping","id":""}"#, "malformed"), (#"{"type":"ping","id":"a b"}"#, "malformed"),
            (#"{"type":"ping","extra":1}"#, "malformed"), (#"{"type":"subscribe"}"#, "malformed"),
            (#"{"type":"subscribe","topics":"presence"}"#, "malformed"),
            (#"{"type":"subscribe","topics":["weather"]}"#, "malformed"),
            (#"{"type":"subscribe","topics":["tool:a b"]}"#, "malformed"),
            (#"{"type":"send","tool":"b","payload":1}"#, "malformed"),
            (#"{"type":"send","id":"1","payload":1}"#, "malformed"),
            (#"{"type":"send","id":"1","tool":"b","topic":"presence","payload":1}"#, "malformed"),
            (#"{"type":"send","id":"1","tool":"b"}"#, "malformed"),
            (#"{"type":"task.offer","id":"1","payload":1}"#, "malformed"),
            (#"{"type":"task.offer","id":"1","tool":"b","deadline":0,"payload":1}"#, "malformed"),
            (#"{"type":"task.accept","task":"x"}"#, "malformed"), (#"{"type":"ack","ref":"x"}"#, "malformed"),
            (#"{"type":"announce","capabilities":["a b"]}"#, "malformed"),
            (#"{"type":"task.done","task":"a/1"}"#, "malformed"),
        ]
    )
    func malformed(text: String, code: String) throws {
        var hub = HubStage()
        let id = try hub.join("a")
        hub.say(bytes: Array(text.utf8), id)
        let answers = hub.takeAll(id)
        #expect(answers.types == ["error"])
        #expect(answers.codes == [code])
        hub.say(["type": "ping"], id)
        #expect(hub.takeAll(id).types == ["pong"])
    }

    @Test("An error never repeats what the client sent")
    func noEcho() throws {
        var hub = HubStage()
        let id = try hub.join("a")
        hub.say(["type": "marker-in-type"], id)
        hub.say(["type": "send", "id": "1", "tool": "marker-tool", "payload": "marker-payload"], id)
        hub.say(["type": "ping", "marker-field": 1], id)
        for answer in hub.takeAll(id) { #expect(!answer.text.contains("marker")) }
    }

    @Test("Tools see each other come, change, go away and be gone")
    func presence() throws {
        var hub = HubStage()
        let a = try hub.join("a", topics: ["presence"])
        let wholeTaken = hub.take(a)
        let whole = try #require(wholeTaken)
        #expect(whole["whole"] == true)
        #expect(whole["tools"]?.array?.map { $0["name"] } == ["a"])
        let b = try hub.join("b", capabilities: ["translate"])
        let cameTaken = hub.take(a)
        let came = try #require(cameTaken)
        #expect(came["whole"] == false)
        #expect(
            came["tools"] == [["name": "b", "state": "online", "kind": "tool", "capabilities": ["translate"]]]
        )
        hub.say(["type": "announce", "status": "busy", "capabilities": []], b)
        #expect(hub.take(a)?["tools"]?.array?.first?["status"] == "busy")
        hub.leave(b)
        #expect(hub.take(a)?["tools"]?.array?.first?["state"] == "away")
        hub.pass(.seconds(60))
        #expect(hub.take(a)?["tools"] == [["name": "b", "state": "gone"]])
        #expect(hub.take(a) == nil)
    }

    @Test("News of a tool are told as they are when they are taken, however often it changed")
    func coalescedPresence() throws {
        var hub = HubStage()
        let a = try hub.join("a", topics: ["presence"])
        _ = hub.takeAll(a)
        let b = try hub.join("b")
        for step in 0..<100 { hub.say(["type": "announce", "status": .string("\(step)")], b) }
        let news = hub.takeAll(a)
        #expect(news.count == 1)
        #expect(news.first?["tools"]?.array?.first?["status"] == "99")
    }

    @Test("More news than a few become the whole list")
    func wholePresence() throws {
        var hub = HubStage()
        let a = try hub.join("a", topics: ["presence"])
        _ = hub.takeAll(a)
        for number in 0..<40 { _ = try hub.join("t\(number)") }
        let news = hub.takeAll(a)
        #expect(news.count == 1)
        #expect(news.first?["whole"] == true)
        #expect(news.first?["tools"]?.array?.count == 41)
    }

    @Test("A message reaches its tool under a reference, and the receipt comes back")
    func direct() throws {
        var hub = HubStage()
        let a = try hub.join("a")
        let b = try hub.join("b")
        hub.say(["type": "send", "id": "1", "tool": "b", "payload": ["n": 1]], a)
        #expect(hub.takeAll(a) == [["type": "ack", "ref": "1", "queued": 1]])
        #expect(hub.takeAll(b) == [["type": "message", "id": "a/1", "from": "a", "payload": ["n": 1]]])
        hub.say(["type": "ack", "ref": "a/1"], b)
        #expect(hub.takeAll(a) == [["type": "ack", "ref": "1", "by": "b"]])
    }

    @Test("A repeat under the same id is answered again and done once")
    func repeats() throws {
        var hub = HubStage()
        let a = try hub.join("a")
        let b = try hub.join("b")
        let message: JSONValue = ["type": "send", "id": "1", "tool": "b", "payload": 1]
        for _ in 0..<3 { hub.say(message, a) }
        #expect(hub.takeAll(a).types == ["ack", "ack", "ack"])
        #expect(hub.takeAll(b).count == 1)
    }

    @Test("A repeat after the sender has come back is still known")
    func repeatAfterReturn() throws {
        var hub = HubStage()
        let b = try hub.join("b")
        let first = try hub.join("a")
        let message: JSONValue = ["type": "send", "id": "1", "tool": "b", "payload": 1]
        hub.say(message, first)
        hub.leave(first)
        let second = try hub.join("a")
        hub.say(message, second)
        #expect(hub.takeAll(second).types == ["ack"])
        #expect(hub.takeAll(b).count == 1)
    }

    @Test("Only so many ids are remembered, the newest")
    func boundedMemory() {
        var memory = HubMemory(limit: 3)
        for number in 0..<5 { memory.remember(.done(.ack("\(number)")), for: "\(number)") }
        #expect((0..<5).map { memory["\($0)"] != nil } == [false, false, true, true, true])
        memory.remember(.done(.ack("4")), for: "4")
        memory.remember(.done(.ack("5")), for: "5")
        #expect((2..<6).map { memory["\($0)"] != nil } == [false, true, true, true])
    }

    @Test("There is no sending to nobody, nor on a topic that is not one's own")
    func refused() throws {
        var hub = HubStage()
        let a = try hub.join("a")
        let b = try hub.join("b")
        hub.leave(b)
        hub.say(["type": "send", "id": "1", "tool": "c", "payload": 1], a)
        hub.say(["type": "send", "id": "2", "tool": "b", "payload": 1], a)
        for (id, topic) in [("3", "context"), ("4", "conversations"), ("5", "presence"), ("6", "tool:b")] {
            hub.say(["type": "send", "id": .string(id), "topic": .string(topic), "payload": 1], a)
        }
        #expect(
            hub.takeAll(a).codes
                == ["noSuchTool", "noSuchTool", "forbidden", "forbidden", "forbidden", "forbidden"]
        )
    }

    @Test("What a tool says on its topic reaches its followers, and the other processes once")
    func broadcast() throws {
        var hub = HubStage()
        let a = try hub.join("a", topics: ["tool:a"])
        let b = try hub.join("b", topics: ["tool:a"])
        let c = try hub.join("c")
        hub.say(["type": "send", "id": "1", "topic": "tool:a", "payload": "hi"], a)
        #expect(hub.takeAll(a) == [["type": "ack", "ref": "1", "queued": 1]])
        #expect(
            hub.takeAll(b)
                == [["type": "message", "id": "a/1", "from": "a", "topic": "tool:a", "payload": "hi"]]
        )
        #expect(hub.takeAll(c).isEmpty)
        #expect(hub.actions == [.publish(HubBroadcast(from: "a", id: "1", payload: "hi"))])
        hub.say(["type": "unsubscribe", "topics": ["tool:a"]], b)
        hub.say(["type": "send", "id": "2", "topic": "tool:a", "payload": "hi"], a)
        #expect(hub.takeAll(b).isEmpty)
    }

    @Test("A broadcast is read by other processes and not by its own")
    func broadcastBytes() throws {
        let broadcast = HubBroadcast(from: "a", id: "1", payload: ["x": [1, "y"]])
        let bytes = broadcast.bytes(from: "here")
        #expect(HubBroadcast(bytes: bytes, notFrom: "there") == broadcast)
        #expect(HubBroadcast(bytes: bytes, notFrom: "here") == nil)
        #expect(HubBroadcast(bytes: Array("no".utf8), notFrom: "there") == nil)
        #expect(
            HubBroadcast(bytes: Array(#"{"hub":"x","from":"a b","id":"1","payload":1}"#.utf8), notFrom: "there") == nil
        )
    }

    @Test("Another token cannot take a name; the same one takes it over, and the old connection is closed")
    func names() throws {
        var hub = HubStage()
        let first = try hub.join("a", HubStage.grant("one"))
        let stranger = try hub.connect(HubStage.grant("two"))
        hub.say(["type": "hello", "name": "a"], stranger)
        #expect(hub.takeAll(stranger).codes == ["nameTaken"])
        hub.leave(first)
        hub.say(["type": "hello", "name": "a"], stranger)
        #expect(hub.takeAll(stranger).codes == ["nameTaken"], "the owner is only away")
        let second = try hub.connect(HubStage.grant("one"))
        hub.say(["type": "hello", "name": "a"], second)
        #expect(hub.take(second)?["resumed"] == true)
        let third = try hub.join("a", HubStage.grant("one"))
        #expect(hub.closed[second] == .replaced)
        hub.leave(third)
        hub.pass(.seconds(60))
        hub.say(["type": "hello", "name": "a"], try hub.connect(HubStage.grant("three")))
        #expect(hub.machine.tools["a"]?.grant.id == "three")
    }

    @Test("There are only so many connections, in all and of one token")
    func connectionLimits() throws {
        var hub = HubStage { $0.connections = 3 }
        let one = HubStage.grant("one", connections: 2)
        _ = try hub.connect(one)
        let second = try hub.connect(one)
        #expect(throws: HubProblem.self) { try hub.connect(one) }
        _ = try hub.connect(HubStage.grant("two"))
        #expect(throws: HubProblem.self) { try hub.connect(HubStage.grant("three")) }
        hub.leave(second)
        _ = try hub.connect(one)
    }

    @Test("There are only so many topics and capabilities")
    func otherLimits() throws {
        var hub = HubStage {
            $0.topics = 2
            $0.capabilities = 1
        }
        let a = try hub.join("a", topics: ["tool:x"])
        hub.say(["type": "subscribe", "topics": ["tool:x", "tool:y"]], a)
        hub.say(["type": "subscribe", "topics": ["tool:z"]], a)
        hub.say(["type": "announce", "capabilities": ["p", "q"]], a)
        #expect(hub.takeAll(a).codes == ["tooMany", "tooMany"])
        #expect(hub.machine.connections[a]?.topics == [.tool("x"), .tool("y")])
    }

    @Test("A lock closes everything and forgets everything")
    func reset() throws {
        var hub = HubStage()
        let a = try hub.join("a", topics: ["presence"])
        let b = try hub.join("b")
        hub.say(["type": "task.offer", "id": "1", "tool": "b", "payload": 1], a)
        hub.reset()
        #expect(hub.closed == [a: .sealed, b: .sealed])
        #expect(hub.machine.tools.isEmpty)
        #expect(hub.machine.tasks.isEmpty)
        #expect(hub.machine.taskBytes == 0)
        #expect(hub.takeAll(a).isEmpty)
        hub.say(["type": "ping"], a)
        hub.leave(a)
        #expect(hub.takeAll(a).isEmpty)
    }

    @Test("A revoked token loses its connections and its tools, and nobody else does")
    func revoked() throws {
        var hub = HubStage()
        let a = try hub.join("a", topics: ["presence"])
        let b = try hub.join("b")
        _ = hub.takeAll(a)
        hub.close("b")
        #expect(hub.closed == [b: .revoked])
        #expect(hub.takeAll(a).last?["tools"] == [["name": "b", "state": "gone"]])
    }
}
