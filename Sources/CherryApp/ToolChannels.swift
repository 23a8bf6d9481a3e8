import CherryBridge
import CherryCore
import CherryNet
import Foundation

/// Makes the channels to the user's tool servers.
enum ToolChannels {
    /// The channel to `server`.
    ///
    /// - Parameter environment: looks up a variable of this process; a server that is started sees those that its
    ///   record names, and its credential.
    static func make(
        _ server: ToolServer,
        credential: Secret<String>?,
        transport: HTTPTransport,
        environment: (String) -> String? = { ProcessInfo.processInfo.environment[$0] }
    ) -> any MCPChannel {
        switch server.endpoint {
        case .http(let url):
            return MCPHTTPChannel(
                url: url,
                token: credential,
                transport: transport,
                reach: .entered(url, allowsPrivateAddresses: server.allowsPrivateAddresses),
                patience: .seconds(server.timeoutSeconds)
            )
        case .command(let program, let arguments, let names, let variable):
            var variables: [String: String] = [:]
            for name in names { variables[name] = environment(name) }
            if let variable { variables[variable] = credential?.exposed }
            return MCPStdioChannel(.init(program: program, arguments: arguments, environment: variables))
        }
    }
}
