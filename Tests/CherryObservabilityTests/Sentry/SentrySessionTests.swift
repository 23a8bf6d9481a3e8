import CherryCore
import Testing

@testable import CherryObservability

@Suite("Sessions")
struct SentrySessionTests {
    let start = SleepingClock.start

    func session() -> SentrySession {
        SentrySession(id: .example(1), started: self.start, release: "cherry@0.1.0", environment: "production")
    }

    @Test("The first update alone says that it is the first")
    func beginning() throws {
        var session = self.session()
        let begin = session.begin(at: self.start)
        let first = try #require(begin)
        #expect(first["init"] == true)
        #expect(first["status"] == "ok")
        #expect(first["sid"] == .string(HexID.example(1).uuid))
        #expect(first["attrs"] == ["release": "cherry@0.1.0", "environment": "production"])
        #expect(session.begin(at: self.start) == nil)
        let last = session.end(.exited, at: self.start + .milliseconds(1500))
        let end = try #require(last)
        #expect(end["init"] == false)
        #expect(end["status"] == "exited")
        #expect(end["errors"] == 0)
        #expect(end["duration"] == 1.5)
        #expect(end["started"] == first["started"])
        #expect(end["attrs"] == first["attrs"])
    }

    @Test("The first error is told at once, all of them at the end")
    func errors() throws {
        var session = self.session()
        _ = session.begin(at: self.start)
        #expect(session.noteError(at: self.start)?["errors"] == 1)
        #expect(session.noteError(at: self.start) == nil)
        #expect(session.end(.exited, at: self.start)?["errors"] == 2)
    }

    @Test("An end is final", arguments: [SentrySession.Status.exited, .crashed, .abnormal])
    func finality(status: SentrySession.Status) {
        var session = self.session()
        _ = session.begin(at: self.start)
        #expect(session.end(status, at: self.start)?["status"] == .string(status.rawValue))
        for other in SentrySession.Status.allCases { #expect(session.end(other, at: self.start) == nil) }
        #expect(session.noteError(at: self.start) == nil)
        #expect(session.begin(at: self.start) == nil)
    }

    @Test("To go on is no end")
    func okIsNoEnd() {
        var session = self.session()
        #expect(session.end(.ok, at: self.start) == nil)
        #expect(session.begin(at: self.start) != nil)
    }

    @Test("A crash is an error besides those before it; whoever was killed had at least one")
    func crash() throws {
        var marker = RunMarker(sessionID: .example(1), started: self.start, release: "r@1", environment: "e", errors: 2)
        var crashed = SentrySession(resuming: marker)
        let end = crashed.end(.crashed, at: self.start)
        let update = try #require(end)
        #expect(update["errors"] == 3)
        #expect(update["init"] == false)
        #expect(update["sid"] == .string(HexID.example(1).uuid))
        marker.errors = 0
        var killed = SentrySession(resuming: marker)
        #expect(killed.end(.abnormal, at: self.start)?["errors"] == 1)
    }

    @Test("A run that ended before its beginning was told is told of with one update that begins it")
    func neverBegun() throws {
        let marker = RunMarker(
            sessionID: .example(1),
            started: self.start,
            release: "r@1",
            environment: "e",
            isBegun: false
        )
        #expect(RunMarker(bytes: marker.bytes) == marker)
        var session = SentrySession(resuming: marker)
        let end = session.end(.crashed, at: self.start)
        let update = try #require(end)
        #expect(update["init"] == true)
        #expect(update["seq"] == 0)
    }

    @Test("Later updates have higher numbers, also those of the next run")
    func sequence() throws {
        var session = self.session()
        let numbers = [session.begin(at: self.start), session.noteError(at: self.start)].map { $0?["seq"]?.integer }
        #expect(numbers == [0, 1])
        let marker = RunMarker(
            sessionID: session.id,
            started: self.start,
            release: "r@1",
            environment: "e",
            errors: session.errors
        )
        var next = SentrySession(resuming: marker)
        #expect(next.end(.crashed, at: self.start)?["seq"] == 2)
    }

    @Test("A marker reads again; a part of one is none")
    func marker() {
        let marker = RunMarker(
            sessionID: .example(1),
            started: self.start,
            release: "cherry@0.1.0",
            environment: "production",
            errors: 3
        )
        #expect(RunMarker(bytes: marker.bytes) == marker)
        for length in 0..<marker.bytes.count { #expect(RunMarker(bytes: Array(marker.bytes.prefix(length))) == nil) }
        #expect(RunMarker(bytes: Array(#"{"session":"x"}"#.utf8)) == nil)
        var foreign = marker
        foreign.release = "someone's words"
        #expect(RunMarker(bytes: foreign.bytes) == nil)
    }
}
