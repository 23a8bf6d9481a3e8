import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// Finds the addresses of a host by the system's resolver, on threads of its own: a resolver that hangs holds up
/// nothing else.
final class HostResolver: Sendable {
    /// Looks a name up; may block. The order is the order in which to try.
    typealias Lookup = @Sendable (_ name: String, _ port: Int) throws -> [SocketAddress]

    /// The name has no address.
    struct UnknownHost: Error {}

    private static let threadCount = 4

    private let lookup: Lookup
    private let threads = Mutex<NIOThreadPool?>(nil)

    init(lookup: @escaping Lookup = HostResolver.system) {
        self.lookup = lookup
    }

    deinit {
        self.threads.withLock { $0 }?.shutdownGracefully { _ in }
    }

    /// The addresses of `name`, on `eventLoop`.
    func addresses(of name: String, port: Int, on eventLoop: any EventLoop) -> EventLoopFuture<[SocketAddress]> {
        let threads = self.threads.withLock { pool in
            if let pool { return pool }
            let new = NIOThreadPool(numberOfThreads: Self.threadCount)
            new.start()
            pool = new
            return new
        }
        return threads.runIfActive(eventLoop: eventLoop) { [lookup] in try lookup(name, port) }
    }

    /// Asks `getaddrinfo`.
    @Sendable static func system(name: String, port: Int) throws -> [SocketAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_NUMERICSERV
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(name, "\(port)", &hints, &found) == 0 else { throw UnknownHost() }
        defer { freeaddrinfo(found) }
        var addresses: [SocketAddress] = []
        while let entry = found?.pointee {
            let address = UnsafeRawPointer(entry.ai_addr)
            switch entry.ai_family {
            case AF_INET:
                addresses.append(SocketAddress(address!.loadUnaligned(as: sockaddr_in.self)))
            case AF_INET6:
                addresses.append(SocketAddress(address!.loadUnaligned(as: sockaddr_in6.self)))
            default: break
            }
            found = entry.ai_next
        }
        return addresses
    }
}
