import ArgumentParser
import CherryApp
import CherryBridge
import CherryCore
import CherryNet
import Foundation

/// Lets a tool that starts its servers as processes speak with the running server.
struct MCPCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mcp",
        abstract: "Speak the Model Context Protocol on standard input and output.",
        discussion: """
            For tools that start their servers themselves; those that speak HTTP use /mcp of the server directly. The \
            server must run. The token is made in the app or with `cherry token add`.
            """
    )

    @OptionGroup var source: TokenOptions

    func run() async throws {
        let settings = try await Settings.load()
        guard let server = DataDirectory.runningServer(in: settings.dataDirectory) else {
            throw CommandError(
                "unreachable",
                "No server runs on \(settings.dataDirectory).",
                hint: "Start it with: cherry serve"
            )
        }
        let channel = MCPHTTPChannel(
            url: server.address + "/mcp",
            token: try self.source.read(),
            transport: HTTPTransport(),
            reach: .anywhere,
            patience: .seconds(1800)
        )
        let relay = MCPRelay(channel) { line in
            // A reader that has gone ends standard input as well, and with it this program.
            try? FileHandle.standardOutput.write(contentsOf: line)
        }
        signal(SIGPIPE, SIG_IGN)
        await relay.run(StandardInput.pieces())
    }
}

/// Where a token comes from: never arguments or the environment, which other processes can read.
struct TokenOptions: ParsableArguments {
    @Option(name: .customLong("token-fd"), help: "Read the token from this descriptor.")
    var descriptor: Int32?

    @Option(name: .customLong("token-file"), help: "Read the token from this file, which only you may read (0600).")
    var file: String?

    /// The token from the file, the descriptor or the terminal.
    func read() throws -> Secret<String> {
        guard let file else { return try SecretInput.read("Token", descriptor: self.descriptor) }
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw CommandError(
                "invalid",
                "The file with the token cannot be read: \(String(cString: strerror(errno)))."
            )
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_mode & 0o077 == 0 else {
            throw CommandError(
                "invalid",
                "The file with the token may be read by others, or is no file.",
                hint: "chmod 600 \(file)"
            )
        }
        return try SecretInput.read("Token", descriptor: descriptor)
    }
}
