import CherryCore
import CherryTesting
import NIOCore
import Synchronization

@testable import CherryNet
@testable import CherryObservability

/// A strict Loki: refuses whatever its documents forbid, keeps what it accepts, and keeps the same line at the same time
/// once.
final class LokiServer: Sendable {
    struct Line: Hashable {
        let stream: [String: String]
        let nanoseconds: Int64
        let text: String
    }

    /// Answers instead, for each request in turn; `nil` treats it as usual.
    private let answers: Mutex<[ScriptedHTTPServer.Step?]>
    private let kept = Mutex<[Line]>([])
    private let complaints = Mutex<[String]>([])
    /// Lines with such text are too old.
    private let bad: @Sendable (String) -> Bool
    private let authorization: String?
    private let tenant: String?

    init(
        answers: [ScriptedHTTPServer.Step?] = [],
        authorization: String? = nil,
        tenant: String? = nil,
        bad: @escaping @Sendable (String) -> Bool = { _ in false }
    ) {
        self.answers = Mutex(answers)
        self.authorization = authorization
        self.tenant = tenant
        self.bad = bad
    }

    var lines: [Line] { self.kept.withLock { $0 } }
    /// What no well-made client does.
    var refusals: [String] { self.complaints.withLock { $0 } }

    @Sendable func answer(_ request: ScriptedHTTPServer.Request) -> [ScriptedHTTPServer.Step] {
        if let answer = self.answers.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { return [answer] }
        if request.header("Authorization") != self.authorization { return [.whole(401, "no org id")] }
        do {
            let lines = try self.read(request)
            // As Loki does: what is good is kept, and the answer speaks of the rest.
            self.kept.withLock { kept in
                for line in lines where !self.bad(line.text) && !kept.contains(line) { kept.append(line) }
            }
            let isBad = lines.contains { self.bad($0.text) }
            return isBad
                ? [.whole(400, "entry too far behind")] : [.text("HTTP/1.1 204 No Content\r\n\r\n"), .keepAlive]
        } catch {
            self.complaints.withLock { $0.append("\(error)") }
            return [.whole(400, "bad request")]
        }
    }

    private struct Refused: Error { let why: String }

    private func read(_ request: ScriptedHTTPServer.Request) throws -> [Line] {
        guard request.method == "POST", request.target == "/loki/api/v1/push",
            request.header("Content-Type") == "application/json", request.header("X-Scope-OrgID") == self.tenant
        else { throw Refused(why: "head") }
        guard request.header("Content-Encoding") == nil else { throw Refused(why: "coding") }
        guard let object = try JSONValue(parsing: request.body).object, object.keys == ["streams"],
            let streams = object["streams"]?.array, !streams.isEmpty
        else { throw Refused(why: "streams") }
        var seen: Set<[String: String]> = []
        return try streams.flatMap { stream in
            guard let labels = stream["stream"]?.object?.mapValues({ $0 }), labels.count <= 15,
                let values = stream["values"]?.array, !values.isEmpty
            else { throw Refused(why: "stream") }
            let names = Dictionary(uniqueKeysWithValues: labels.map { ($0.key, $0.value.string ?? "") })
            guard Set(names.keys) == ["service", "level", "role", "environment", "instance"],
                names.values.allSatisfy({ !$0.isEmpty }), seen.insert(names).inserted
            else { throw Refused(why: "labels") }
            var last = Int64.min
            return try values.map { value in
                guard let parts = value.array, (2...3).contains(parts.count), let time = parts[0].string,
                    let nanoseconds = Int64(time), let text = parts[1].string, text.utf8.count <= 256 << 10,
                    parts.count == 2 || parts[2].object?.allSatisfy({ $0.value.string != nil }) == true
                else { throw Refused(why: "entry") }
                guard nanoseconds > last else { throw Refused(why: "order") }
                last = nanoseconds
                return Line(stream: names, nanoseconds: nanoseconds, text: text)
            }
        }
    }
}
