import CherryAssistant
import CherryBridge
import CherryCore
import CherryStore
import CherryTesting
import HTTPTypes
import Testing

@testable import CherryAPI

@Suite("Usage, prices and the cache, as the app sees them")
struct UsageTests {
    private static let today = Timestamp(utcDay: 20_781)

    private static func record(_ number: Int, day: Int64, _ change: (inout UsageRecord) -> Void = { _ in })
        -> UsageRecord
    {
        var record = UsageRecord(
            at: Timestamp(utcDay: day) + .seconds(number),
            providerID: ModelReference.localProvider,
            model: "m\(number % 2)",
            tokens: TokenUsage(prompt: number, completion: 1),
            microDollars: Int64(number),
            totalMilliseconds: 1,
            attempts: 1,
            outcome: UsageRecord.complete
        )
        change(&record)
        return record
    }

    @Test("Exchanges are added up by whatever is asked for")
    func sums() async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            let day = stage.clock.wall.now.utcDay
            let (token, conversation) = (RecordID.make(), RecordID.make())
            stage.book.add(Self.record(1, day: day) { $0.tokenID = token })
            stage.book.add(Self.record(2, day: day) { $0.conversationID = conversation })
            stage.book.add(
                Self.record(3, day: day - 1) {
                    $0.outcome = "overloaded"
                    $0.isEstimated = true
                    $0.microDollars = nil
                }
            )
            stage.book.add(Self.record(4, day: day - 40))
            let days = try await visitor.call(.get, "/api/v1/usage")
            #expect(days["items"].items.map { $0["exchanges"] } == [1, 2])
            #expect(
                days["items"].items.map { $0["day"].text } == [day - 1, day].map { Timestamp.dateText(utcDay: $0) }
            )
            #expect(days["items"][0]["failures"] == 1)
            #expect(days["items"][0]["estimated"] == 1)
            #expect(days["items"][0]["unpriced"] == 1)
            #expect(days["items"][1]["microDollars"] == 3)
            #expect(days["items"][1]["tokens"]["prompt"] == 3)
            let models = try await visitor.call(.get, "/api/v1/usage?by=model")
            #expect(models["items"].items.map { $0["model"]["model"].text } == ["m0", "m1"])
            let tokens = try await visitor.call(.get, "/api/v1/usage?by=token,model&token=\(token)")
            #expect(tokens["items"].items.count == 1)
            #expect(tokens["items"][0]["tokenID"].text == token.description)
            let conversations = try await visitor.call(
                .get,
                "/api/v1/usage?by=conversation&conversation=\(conversation)"
            )
            #expect(conversations["items"][0]["microDollars"] == 2)
            let from = Timestamp.dateText(utcDay: day - 40)
            let all = try await visitor.call(.get, "/api/v1/usage?by=token&from=\(from)")
            #expect(all["items"].items.reduce(0) { $0 + $1["exchanges"].number } == 4)
            for query in [
                "by=other", "by=", "by=day,", "from=2025-02-30", "to=x", "from=2026-01-02&to=2026-01-01", "other=1",
                "token=x",
            ] {
                #expect(
                    try await visitor.call(.get, "/api/v1/usage?\(query)").status == .unprocessableContent,
                    "\(query)"
                )
            }
        }
    }

    @Test("Single exchanges are read from the newest back, page by page, each once")
    func pages() async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            let day = stage.clock.wall.now.utcDay
            var total = 0
            for past in stride(from: Int64(5), through: 0, by: -1) where past != 3 {
                for number in 0..<700 {
                    stage.book.add(Self.record(number, day: day - past))
                    total += 1
                }
                await stage.book.flush()
            }
            #expect(try await stage.store.list(UsageBlock.self).count == 10, "512 to a row")
            var seen: [Int64] = []
            var path = "/api/v1/usage/records?limit=300"
            while true {
                let page = try await visitor.call(.get, path)
                seen += page["items"].items.map { $0["at"].number }
                guard !page["next"].isNull else { break }
                path = "/api/v1/usage/records?limit=300&before=\(page["next"].text)"
            }
            #expect(seen.count == total)
            #expect(zip(seen, seen.dropFirst()).allSatisfy(>=))
            #expect(Set(seen).count == total)
            #expect(try await visitor.call(.get, "/api/v1/usage/records?before=x").status == .unprocessableContent)
        }
    }

    @Test("Whoever asks while what was used is being written sees it too")
    func together() async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            let book = stage.book
            let today = stage.clock.wall.now.utcDay
            for round in 1...20 {
                for number in 0..<50 { book.add(Self.record(number, day: today)) }
                let selection = UsageSelection(days: today...today)
                let sums = try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<4 {
                        group.addTask { try await book.sums(of: selection, by: []).reduce(0) { $0 + $1.exchanges } }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(sums == [Int](repeating: round * 50, count: 4))
            }
            _ = visitor
        }
    }

    @Test("What is noted while the vault is locked is written after the next unlock")
    func locked() async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            let day = stage.clock.wall.now.utcDay
            _ = try await visitor.call(.post, "/api/v1/lock")
            stage.book.add(Self.record(1, day: day))
            await stage.book.flush()
            try await visitor.unlock()
            let days = try await visitor.call(.get, "/api/v1/usage")
            #expect(days["items"].items.map { $0["exchanges"] } == [1])
        }
    }

    @Test("Prices are made, changed and removed, beside those that come with the program")
    func prices() async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            let made = try await visitor.call(
                .post,
                "/api/v1/prices",
                ["pattern": "m*", "rates": ["input": 5, "output": 7, "cachedInput": 1]]
            )
            #expect(made.status == .created)
            let path = "/api/v1/prices/\(made["id"].text)"
            let changed = try await visitor.call(
                .patch,
                path,
                ["baseVersion": 1, "rates": ["input": 6, "output": 7]]
            )
            #expect(changed["value"]["rates"] == ["input": 6, "output": 7])
            #expect(changed["value"]["pattern"] == "m*")
            let list = try await visitor.call(.get, "/api/v1/prices")
            #expect(list["items"].items.count == 1)
            #expect(list["builtIn"].items.contains { $0["pattern"] == "gpt-4o-mini" && !$0["asOf"].text.isEmpty })
            #expect(try await visitor.call(.delete, path).status == .noContent)
            for rates in [["input": -1, "output": 0], ["input": 1], ["input": 1, "output": 1, "x": 1]] as [JSONValue] {
                let refused = try await visitor.call(.post, "/api/v1/prices", ["pattern": "m", "rates": rates])
                #expect(refused.status == .unprocessableContent)
                #expect(refused.message.hasPrefix("rates."))
            }
        }
    }

    @Test("What is under way is shown without its content, and goes when it has ended")
    func exchanges() async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            let script = stage.model.script()
            let conversation = try await visitor.makeConversation()["id"].text
            let turn = try await visitor.call(
                .post,
                "/api/v1/conversations/\(conversation)/turns",
                ["kind": "send", "messageID": .string(RecordID.make().description), "content": "canary-words"]
            )
            script.yield(.event(.text("canary-answer")))
            var reports = stage.gateway.reports().makeAsyncIterator()
            while let report = await reports.next(isolation: #isolation), report.stage != .answering {}
            let running = try await visitor.call(.get, "/api/v1/exchanges")
            #expect(running["items"].items.count == 1)
            #expect(running["items"][0]["conversationID"].text == conversation)
            #expect(running["items"][0]["asked"] == "scripted")
            #expect(!running.text.contains("canary"))
            script.yield(.end)
            _ = try await visitor.call(.get, "/api/v1/messages/\(turn["reply"]["id"].text)/events")
            while let report = await reports.next(isolation: #isolation), report.stage != .ended {}
        }
    }

    @Test("The kinds of providers say what they need")
    func kinds() async throws {
        try await Stage().runUnlocked { visitor in
            let kinds = try await visitor.call(.get, "/api/v1/provider-kinds")
            #expect(kinds["items"].items.map { $0["kind"].text } == Provider.Kind.allCases.map(\.rawValue))
            for kind in kinds["items"].items {
                let made = try await visitor.call(
                    .post,
                    "/api/v1/providers",
                    ["name": kind["name"], "kind": kind["kind"], "baseURL": kind["example"]]
                )
                #expect(made.status == .created, "\(kind["kind"].text)")
            }
        }
    }

    @Test("The cache shows how much it holds and forgets it when told")
    func cache() async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            let answers = stage.gateway.answers
            let name = try #require(answers.name(token: .make(), api: "x", body: [1]))
            await answers.keep(Array("canary".utf8), as: name, for: .seconds(60))
            #expect(try await visitor.call(.get, "/api/v1/cache")["entries"] == 1)
            #expect(await answers.answer(name) == Array("canary".utf8))
            #expect(try await visitor.call(.delete, "/api/v1/cache").status == .noContent)
            #expect(try await visitor.call(.get, "/api/v1/cache")["entries"] == 0)
            #expect(await answers.answer(name) == nil)
        }
    }
}
