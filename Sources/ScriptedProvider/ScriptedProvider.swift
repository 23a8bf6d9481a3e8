import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// A language-model service on loopback that says what a script tells it to, in the words of every provider, and misbehaves
/// on command. For tests and benchmarks.
@main
struct ScriptedProvider {
    static let usage = """
        usage: ScriptedProvider [--port PORT] [--threads COUNT]

        Answers on 127.0.0.1 and prints 'LISTENING port'. Without a port it takes a free one. See docs/conformance.md.
        """

    static func main() async throws {
        guard let (port, threads) = self.options(CommandLine.arguments.dropFirst()) else {
            FileHandle.standardError.write(Data((self.usage + "\n").utf8))
            exit(64)
        }
        OpenFiles.raiseLimit()
        let service = Service()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        let channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.backlog, value: 4096)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let decoder = HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes)
                    try channel.pipeline.syncOperations.addHandler(ByteToMessageHandler(decoder))
                    try channel.pipeline.syncOperations.addHandler(ProviderHandler(service))
                }
            }
            .bind(host: "127.0.0.1", port: port)
            .get()
        FileHandle.standardOutput.write(Data("LISTENING \(channel.localAddress?.port ?? port)\n".utf8))
        try await channel.closeFuture.get()
    }

    /// Port and threads; `nil` for arguments that mean nothing.
    private static func options(_ arguments: ArraySlice<String>) -> (port: Int, threads: Int)? {
        var options = (port: 0, threads: 1)
        var rest = arguments
        while let name = rest.popFirst() {
            guard let value = rest.popFirst().flatMap({ Int($0) }) else { return nil }
            switch (name, value) {
            case ("--port", 0...65535): options.port = value
            case ("--threads", 1...64): options.threads = value
            default: return nil
            }
        }
        return options
    }
}

/// How many files and sockets this process may hold.
enum OpenFiles {
    /// Allows as many as the system lets it have.
    static func raiseLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
