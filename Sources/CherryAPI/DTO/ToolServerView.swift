import CherryCore

/// A tool server as it is sent: without its credential, with whether there is one.
struct ToolServerView: Encodable, Sendable {
    private struct Endpoint: Encodable {
        var kind: String
        var program: String?
        var arguments: [String]?
        var environment: [String]?
        var credentialVariable: String?
        var url: String?
    }

    private let id: RecordID
    private let name: String
    private let endpoint: Endpoint
    private let permission: ToolServer.Permission
    private let rules: [String: ToolServer.Rule]
    private let isTrusted: Bool
    private let timeoutSeconds: Int
    private let allowsPrivateAddresses: Bool
    private let isEnabled: Bool
    private let createdAt: Timestamp
    private let updatedAt: Timestamp
    private let hasCredential: Bool

    init(_ server: ToolServer, hasCredential: Bool) {
        self.id = server.id
        self.name = server.name
        switch server.endpoint {
        case .command(let program, let arguments, let environment, let credential):
            self.endpoint = Endpoint(
                kind: "command",
                program: program,
                arguments: arguments,
                environment: environment,
                credentialVariable: credential
            )
        case .http(let url): self.endpoint = Endpoint(kind: "http", url: url)
        }
        self.permission = server.permission
        self.rules = server.rules
        self.isTrusted = server.isTrusted
        self.timeoutSeconds = server.timeoutSeconds
        self.allowsPrivateAddresses = server.allowsPrivateAddresses
        self.isEnabled = server.isEnabled
        self.createdAt = server.createdAt
        self.updatedAt = server.updatedAt
        self.hasCredential = hasCredential
    }
}
