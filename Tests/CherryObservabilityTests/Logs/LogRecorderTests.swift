import CherryCore
import CherryJournal
import Foundation
import Logging
import Synchronization
import Testing

@testable import CherryObservability

@Suite("The log")
struct LogRecorderTests {
    /// 2026-01-31T12:00:00.000001Z.
    private static let time = LogTime(microseconds: 1_769_860_800_000_001)

    /// Runs `body` with a recorder whose output goes to a file.
    private func withRecorder(
        isJSON: Bool = false,
        _ body: (LogRecorder, Logger, _ read: () throws -> String) throws -> Void
    ) throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "cherry-log-\(UUID())").path
        let file = open(path, O_CREAT | O_WRONLY | O_APPEND, 0o600)
        try #require(file >= 0)
        defer {
            close(file)
            try? FileManager.default.removeItem(atPath: path)  // a folder of the system's, which clears it
        }
        let recorder = LogRecorder(
            output: LineOutput(file: file),
            isJSON: isJSON,
            role: "all",
            now: { Self.time }
        )
        // What still waits must not reach whatever has the number of this file next.
        defer { recorder.flush() }
        let logger = Logger(label: "cherry") { recorder.handler(label: $0) }
        try body(recorder, logger) {
            recorder.flush()
            return try String(contentsOfFile: path, encoding: .utf8)
        }
    }

    @Test("A readable line has time, level, label, metadata by name, module and message")
    func readable() throws {
        try self.withRecorder { _, logger, read in
            logger.info(
                "request",
                metadata: ["http.status": "200", "audit.kind": "\("unlock")"],
                source: "CherryTest"
            )
            let line = try read()
            let form =
                /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4} info cherry: audit\.kind=unlock http\.status=200 \[CherryTest\] request\n/
            #expect(line.wholeMatch(of: form) != nil, "\(line)")
        }
    }

    @Test("A JSON line has the documented fields in their order")
    func json() throws {
        try self.withRecorder(isJSON: true) { _, logger, read in
            logger.warning("Something.", metadata: ["request.id": "abc", "http.status": "503"], source: "CherryTest")
            let line = try read()
            #expect(
                line == """
                    {"time":"2026-01-31T12:00:00.000001Z","level":"warning","logger":"cherry","module":"CherryTest",\
                    "role":"all","message":"Something.","http_status":503,"request_id":"abc"}

                    """
            )
        }
    }

    @Test("What is urgent is written at once, with all that came before it, in order")
    func urgent() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "cherry-log-\(UUID())").path
        let file = open(path, O_CREAT | O_WRONLY | O_APPEND, 0o600)
        defer {
            close(file)
            try? FileManager.default.removeItem(atPath: path)  // a folder of the system's, which clears it
        }
        let recorder = LogRecorder(output: LineOutput(file: file), isJSON: false, role: "all")
        defer { recorder.flush() }
        let logger = Logger(label: "cherry") { recorder.handler(label: $0) }
        for number in 1...3 { logger.info("line \(number)", source: "Cherry") }
        logger.warning("now", source: "Cherry")
        let words = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
            .map { $0.split(separator: "] ").last ?? "" }
        #expect(words == ["line 1", "line 2", "line 3", "now"])
    }

    @Test("Lines of many threads come whole, each once", arguments: [false, true])
    func whole(isJSON: Bool) throws {
        try self.withRecorder(isJSON: isJSON) { recorder, logger, read in
            DispatchQueue.concurrentPerform(iterations: 8) { thread in
                for number in 0..<500 { logger.info("t\(thread)-\(number).", source: "Cherry") }
            }
            let lines = try read().split(separator: "\n")
            #expect(lines.count == 4000)
            let words = lines.map { $0.firstMatch(of: /t\d-\d+\./).map { String($0.0) } ?? "" }
            #expect(Set(words) == Set((0..<8).flatMap { thread in (0..<500).map { "t\(thread)-\($0)." } }))
            #expect(recorder.tail.last == 4000)
        }
    }

    @Test("Unknown keys and values that break their rule are left out and counted")
    func allowList() throws {
        try self.withRecorder { recorder, logger, read in
            logger.info(
                "request",
                metadata: [
                    "prompt": "my secret diary", "user.email": "a@example.org", "error.code": "two words here",
                    "http.status": "ok", "reason": ["diary"], "request.id": .dictionary(["a": "diary"]),
                    "trace.id": "0AF7651916CD43DD8448EB211C80319C", "kind": "fine",
                ],
                source: "Cherry"
            )
            #expect(recorder.droppedFields == 7)
            let text1 = try read()
            #expect(text1.hasSuffix(" info cherry: kind=fine [Cherry] request\n"))
        }
    }

    @Test("A method that a client made up is not shown")
    func method() throws {
        try self.withRecorder { _, logger, read in
            logger.info("request", metadata: ["http.method": "MYSECRET"], source: "Cherry")
            let text2 = try read()
            #expect(text2.contains("http.method=other"))
        }
    }

    @Test("What acts on a terminal or turns text around is shown instead")
    func controlCharacters() throws {
        try self.withRecorder { _, logger, read in
            logger.info("a\u{1b}[31mb\nc\r\u{9b}d\u{202e}e\u{2028}f\u{7f}ü", source: "Cherry")
            let line = try read()
            #expect(
                line.hasSuffix(#"] a\u{1b}[31mb\u{a}c\u{d}\u{9b}d\u{202e}e\u{2028}f\u{7f}ü"# + "\n"),
                "\(line)"
            )
        }
    }

    @Test("The error's type is told, not its words")
    func error() throws {
        struct Diary: Error, CustomStringConvertible { let description = "dear diary" }
        try self.withRecorder { _, logger, read in
            logger.error("It failed.", error: Diary(), source: "Cherry")
            let line = try read()
            #expect(line.contains("error.type=Diary"))
            #expect(!line.contains("dear"))
        }
    }

    @Test("What a library says stays out; its words are shown locally when debugging")
    func libraries() throws {
        try self.withRecorder { recorder, logger, read in
            let entries = Mutex<[JournalEntry]>([])
            recorder.forward { entry in entries.withLock { $0.append(entry) } }
            var logger = logger
            logger.error("failed on /home/anna", source: "NIOCore")
            let text3 = try read()
            #expect(text3.hasSuffix("[NIOCore] A library reported something.\n"))
            logger.logLevel = .debug
            logger.error("failed on /home/anna", source: "Hummingbird")
            let text4 = try read()
            #expect(text4.hasSuffix("[Hummingbird] failed on /home/anna\n"))
            #expect(recorder.tail.entries(limit: 9).allSatisfy { $0.line.message == LogRecorder.libraryMessage })
            for entry in entries.withLock({ $0 }) {
                #expect(!String(decoding: entry.payload, as: UTF8.self).contains("anna"))
            }
        }
    }

    @Test("Lines go to the journal once there is one, those below info as debug lines, and never the journal's own")
    func forwarding() throws {
        try self.withRecorder { recorder, logger, _ in
            let entries = Mutex<[JournalEntry]>([])
            var logger = logger
            logger.logLevel = .trace
            logger.info("before", source: "Cherry")
            recorder.forward { entry in entries.withLock { $0.append(entry) } }
            logger.debug("one", source: "Cherry")
            logger.info("two", metadata: ["count": "2"], source: "Cherry")
            let journal = Logger(label: LogRecorder.journalLabel) { recorder.handler(label: $0) }
            journal.info("three", source: "Cherry")
            recorder.stopForwarding()
            logger.info("after", source: "Cherry")
            let found = entries.withLock { $0 }
            #expect(found.map(\.kind) == [.debugLog, .log])
            #expect(found.allSatisfy { $0.at == Self.time.timestamp })
            let line = try JSONValue(parsing: found[1].payload)
            #expect(line["message"] == "two")
            #expect(line["count"] == 2)
        }
    }

    @Test("The metadata of a call counts more than that of the provider, and that more than the logger's")
    func precedence() throws {
        try self.withRecorder { recorder, _, _ in
            var handler = RecordingLogHandler(label: "cherry", recorder: recorder)
            handler.metadataProvider = .init { ["kind": "provider", "state": "provider"] }
            var logger = Logger(label: "cherry") { [handler] _ in handler }
            logger[metadataKey: "kind"] = "logger"
            logger[metadataKey: "reason"] = "logger"
            logger[metadataKey: "state"] = "logger"
            logger.info("x", metadata: ["kind": "call"], source: "Cherry")
            let line = try #require(recorder.tail.entries(limit: 1).first?.line)
            #expect(line[.kind] == .text("call"))
            #expect(line[.state] == .text("provider"))
            #expect(line[.reason] == .text("logger"))
        }
    }
}
