extension ScriptedHTTPServer.Step {
    /// Sends text.
    public static func text(_ text: String) -> Self { .bytes(Array(text.utf8)) }

    /// Sends a status line and headers; the body follows and ends when the server closes.
    public static func head(_ status: Int, _ headers: [String: String] = [:]) -> Self {
        let lines = headers.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)\r\n" }.joined()
        return .text("HTTP/1.1 \(status) Scripted\r\nConnection: close\r\n\(lines)\r\n")
    }

    /// Sends the beginning of a stream of server-sent events.
    public static var eventStream: Self { .head(200, ["Content-Type": "text/event-stream"]) }

    /// Sends one event with `data` on one line.
    public static func event(_ data: String) -> Self { .text("data: \(data)\n\n") }

    /// Sends a whole answer with a length, after which the connection may be used again.
    public static func whole(
        _ status: Int,
        _ body: String,
        type: String = "application/json",
        headers: [String: String] = [:]
    ) -> Self {
        let lines = headers.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)\r\n" }.joined()
        return .text(
            """
            HTTP/1.1 \(status) Scripted\r
            Content-Type: \(type)\r
            Content-Length: \(body.utf8.count)\r
            \(lines)\r
            \(body)
            """
        )
    }
}
