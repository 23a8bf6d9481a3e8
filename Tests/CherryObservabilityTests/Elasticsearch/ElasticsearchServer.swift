import CherryCore
import CherryTesting
import NIOCore
import Synchronization

@testable import CherryNet
@testable import CherryObservability

/// A strict server of `_bulk` and of index templates, with one data stream.
final class ElasticsearchServer: Sendable {
    private let answers: Mutex<[ScriptedHTTPServer.Step?]>
    private let state = Mutex(State())
    private let status: @Sendable (_ message: String) -> Int?
    private let authorization: String?

    private struct State {
        var template: JSONValue?
        var documents: [(id: String, document: JSONValue)] = []
        var refusals: [String] = []
    }

    /// - Parameters:
    ///   - answers: instead, for each request in turn; `nil` treats it as usual.
    ///   - status: of a document with this message; `nil` takes it.
    init(
        answers: [ScriptedHTTPServer.Step?] = [],
        authorization: String? = nil,
        status: @escaping @Sendable (_ message: String) -> Int? = { _ in nil }
    ) {
        self.answers = Mutex(answers)
        self.authorization = authorization
        self.status = status
    }

    var template: JSONValue? { self.state.withLock { $0.template } }
    var messages: [String] { self.state.withLock { $0.documents.compactMap { $0.document["message"]?.string } } }
    var refusals: [String] { self.state.withLock { $0.refusals } }

    private struct Refused: Error { let why: String }

    @Sendable func answer(_ request: ScriptedHTTPServer.Request) -> [ScriptedHTTPServer.Step] {
        if let answer = self.answers.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { return [answer] }
        guard request.header("Authorization") == self.authorization else { return [.whole(401, "{}"), .keepAlive] }
        do {
            switch (request.method, request.target) {
            case ("HEAD", "/_index_template/logs-cherry"):
                let status = self.template == nil ? "404 Not Found" : "200 OK"
                return [.text("HTTP/1.1 \(status)\r\nContent-Length: 0\r\n\r\n"), .keepAlive]
            case ("PUT", "/_index_template/logs-cherry"):
                let template = try JSONValue(parsing: request.body)
                self.state.withLock { $0.template = template }
                return [.whole(200, #"{"acknowledged":true}"#), .keepAlive]
            case ("POST", "/logs-cherry-default/_bulk"):
                return [.whole(200, try self.bulk(request).text), .keepAlive]
            default: throw Refused(why: "\(request.method) \(request.target)")
            }
        } catch {
            self.state.withLock { $0.refusals.append("\(error)") }
            return [.whole(400, "{}")]
        }
    }

    private func bulk(_ request: ScriptedHTTPServer.Request) throws -> JSONValue {
        guard request.header("Content-Type") == "application/x-ndjson",
            request.header("Content-Encoding") == nil
        else { throw Refused(why: "head") }
        let body = request.body
        guard body.last == 0x0a else { throw Refused(why: "the last line has no end") }
        let lines = body.dropLast().split(separator: 0x0a, omittingEmptySubsequences: false)
        guard lines.count.isMultiple(of: 2), !lines.isEmpty else { throw Refused(why: "lines") }
        var items: [JSONValue] = []
        for index in stride(from: 0, to: lines.count, by: 2) {
            let action = try JSONValue(parsing: lines[index])
            let document = try JSONValue(parsing: lines[index + 1])
            // A data stream takes nothing but `create`, and no document without a time.
            guard action.object?.keys == ["create"], let id = action["create"]?["_id"]?.string, !id.isEmpty,
                id.utf8.count <= 512, let time = document["@timestamp"]?.string,
                LogTime(text: Array(time.utf8)[...]) != nil
            else { throw Refused(why: "action") }
            let status = self.take(id, document)
            items.append(.object(["create": .object(["_id": .string(id), "status": .integer(Int64(status))])]))
        }
        let hasErrors = items.contains { $0["create"]?["status"] != 201 }
        return .object(["took": 1, "errors": .bool(hasErrors), "items": .array(items)])
    }

    private func take(_ id: String, _ document: JSONValue) -> Int {
        if let status = self.status(document["message"]?.string ?? "") { return status }
        return self.state.withLock { state in
            guard !state.documents.contains(where: { $0.id == id }) else { return 409 }
            state.documents.append((id, document))
            return 201
        }
    }
}
