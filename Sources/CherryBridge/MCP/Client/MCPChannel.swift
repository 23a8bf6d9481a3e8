/// Carries messages between this program and one server.
public protocol MCPChannel: Sendable {
    /// Whether each request has a stream of its own, and closing it tells the server that nobody waits any more.
    var cancelsByClosing: Bool { get }

    /// Keeps the connection and hands on what the server says by itself; returns when the server has ended, and ends
    /// the connection when the task is cancelled.
    ///
    /// - Throws: `BridgeError`.
    func run(_ receive: @escaping @Sendable (MCPMessage) async -> Void) async throws

    /// Sends one message and hands on what comes back on its own stream, until that ends.
    ///
    /// - Parameter headers: what else the transport is to say, where it has headers.
    /// - Throws: `BridgeError`.
    func send(
        _ message: MCPMessage,
        headers: [(name: String, value: String)],
        _ receive: @escaping @Sendable (MCPMessage) async -> Void
    ) async throws
}

extension BridgeError {
    static func toolServer(_ code: Code, _ message: String, hint: String? = nil) -> BridgeError {
        BridgeError(code, message: message, hint: hint)
    }

    static let toolServerGarbled = BridgeError.toolServer(
        .garbled,
        "The tool server sends something that is no part of the Model Context Protocol.",
        hint: "Check its address or command."
    )

    static let toolServerEnded = BridgeError.toolServer(
        .cutOff,
        "The tool server ended before it answered.",
        hint: "Try it again; if it keeps ending, test it in the settings."
    )
}
