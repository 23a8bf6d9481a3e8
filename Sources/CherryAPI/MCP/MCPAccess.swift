public import CherryBridge

/// What tools that speak the Model Context Protocol reach.
public struct MCPAccess: Sendable {
    public var server: MCPServer
    public var authorizer: any MCPAuthorizer

    /// Joins the server with whoever knows the tokens.
    public init(server: MCPServer, authorizer: any MCPAuthorizer) {
        self.server = server
        self.authorizer = authorizer
    }
}
