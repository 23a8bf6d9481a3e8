import CherryCore

/// What to ask, how often and for how long. Read from one line of JSON, so that a token stands in no process's arguments.
struct Job: Sendable {
    enum Mode: String, Sendable {
        /// Requests one after another on each connection.
        case loop
        /// One request on each connection, whose answer is left open.
        case hold
    }

    var port: Int
    var path: String
    var headers: [(name: String, value: String)]
    var body: String
    var mode = Mode.loop
    /// Connections, each with one request at a time.
    var concurrency = 1
    /// How long to measure, or to hold; in seconds.
    var seconds = 1.0
    /// How long to ask before measuring begins, in seconds.
    var warmup = 0.0
    /// After how many answers to end early.
    var count: Int?

    init(parsing line: String) throws {
        let value = try JSONValue(parsing: line)
        guard let port = value["port"]?.integer, (1...65535).contains(port) else { throw JobError.missing("port") }
        guard let path = value["path"]?.string, path.hasPrefix("/") else { throw JobError.missing("path") }
        self.port = port
        self.path = path
        self.headers = try (value["headers"]?.object ?? [:]).map { header in
            guard let text = header.value.string else { throw JobError.missing("headers") }
            return (header.key, text)
        }
        self.body = value["body"]?.string ?? ""
        if let mode = value["mode"]?.string {
            guard let mode = Mode(rawValue: mode) else { throw JobError.missing("mode") }
            self.mode = mode
        }
        self.concurrency = max(1, value["concurrency"]?.integer ?? self.concurrency)
        self.seconds = value["seconds"]?.number ?? self.seconds
        self.warmup = value["warmup"]?.number ?? self.warmup
        self.count = value["count"]?.integer
    }

    /// The request as it goes over the wire.
    var request: [UInt8] {
        var text = "POST \(self.path) HTTP/1.1\r\nHost: 127.0.0.1:\(self.port)\r\n"
        for header in self.headers { text += "\(header.name): \(header.value)\r\n" }
        text += "Content-Type: application/json\r\nContent-Length: \(self.body.utf8.count)\r\n\r\n"
        return Array((text + self.body).utf8)
    }

}

/// A line that is no job.
enum JobError: Error, CustomStringConvertible {
    case missing(String)

    var description: String {
        switch self {
        case .missing(let what): "A job needs a '\(what)' that it can use."
        }
    }
}
