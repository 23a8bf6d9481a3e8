import Foundation
import Logging
import Testing

@testable import CherryApp

@Suite("The log")
struct LineLogTests {
    /// Runs `body` with a log that goes to a file.
    private func written(_ body: (Logger, LineOutput, () throws -> String) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "cherry-log-\(UUID())").path
        let file = open(path, O_CREAT | O_WRONLY | O_APPEND, 0o600)
        try #require(file >= 0)
        defer {
            close(file)
            try? FileManager.default.removeItem(atPath: path)  // a folder of the system's, which clears it
        }
        let output = LineOutput(file: file)
        let logger = Logger(label: "cherry") { LineLog(label: $0, output: output) }
        try body(logger, output) { try String(contentsOfFile: path, encoding: .utf8) }
    }

    @Test("A line has time, level, label, metadata by name, module and message")
    func line() throws {
        try self.written { logger, output, read in
            logger.info("request", metadata: ["b": "2", "a": "\(1)"], source: "Test")
            output.flush()
            let line = try read()
            #expect(
                line.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4} info cherry: a=1 b=2 \[Test\] request\n/)
                    != nil
            )
        }
    }

    @Test("What is urgent is written at once, with all that came before it, in order")
    func urgent() throws {
        try self.written { logger, _, read in
            for number in 1...3 { logger.info("line \(number)") }
            logger.warning("now")
            let words = try read().split(separator: "\n").map { $0.split(separator: "] ").last ?? "" }
            #expect(words == ["line 1", "line 2", "line 3", "now"])
        }
    }

    @Test("Lines of many threads come whole, each once")
    func whole() async throws {
        try self.written { logger, output, read in
            DispatchQueue.concurrentPerform(iterations: 8) { thread in
                for number in 0..<500 { logger.info("t\(thread)-\(number).") }
            }
            output.flush()
            let words = try read().split(separator: "\n").map { String($0.split(separator: "] ").last ?? "") }
            #expect(words.count == 4000)
            #expect(Set(words) == Set((0..<8).flatMap { thread in (0..<500).map { "t\(thread)-\($0)." } }))
        }
    }
}
