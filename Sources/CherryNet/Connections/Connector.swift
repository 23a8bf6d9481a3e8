import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// Opens connections: resolves a host once, checks every address, and connects to one of exactly those.
final class Connector: Sendable {
    private let timeout: TimeAmount
    private let resolver: HostResolver
    private let trustRoots: NIOSSLTrustRoots
    private let applicationProtocols: [String]
    private let tls = Mutex<NIOSSLContext?>(nil)

    /// - Parameter applicationProtocols: what is spoken, as TLS names it (ALPN); empty says nothing.
    init(
        timeout: TimeAmount,
        resolver: HostResolver,
        trustRoots: NIOSSLTrustRoots,
        applicationProtocols: [String] = ["http/1.1"]
    ) {
        self.timeout = timeout
        self.resolver = resolver
        self.trustRoots = trustRoots
        self.applicationProtocols = applicationProtocols
    }

    /// Opens a connection, TLS included, on the caller's event loop if it is on one.
    ///
    /// The addresses of a host are tried in order; each has an equal share of the time that is left.
    ///
    /// - Parameters:
    ///   - deadline: when the request that needs it has no more time.
    ///   - setUp: see `ConnectionAttempt`.
    /// - Throws: `ExchangeFailure`, `CancellationError`.
    func open<Opened: Sendable>(
        _ key: ConnectionPool.Key,
        deadline: NIODeadline,
        setUp: @escaping ConnectionAttempt<Opened>.SetUp
    ) async throws -> Opened {
        let eventLoop = MultiThreadedEventLoopGroup.singleton.any()
        let limit = NIODeadline.now() + self.timeout
        let end = min(limit, deadline)
        let timedOut = limit <= deadline ? ExchangeFailure.connectTimedOut : .firstByteTimedOut

        let addresses = try await self.addresses(of: key, on: eventLoop, until: end, orThrow: timedOut)
        let context = key.isSecure ? try self.context() : nil
        var failure = ExchangeFailure.unreachable
        for (index, address) in addresses.enumerated() {
            let now = NIODeadline.now()
            guard now < end else { throw timedOut }
            let attempt = ConnectionAttempt(key: key, address: address, context: context, setUp: setUp)
            let share = now + .nanoseconds((end - now).nanoseconds / Int64(addresses.count - index))
            do {
                return try await attempt.run(on: eventLoop, until: share, orThrow: timedOut)
            } catch let error as ExchangeFailure where error == .untrusted {
                throw error
            } catch let error as ExchangeFailure {
                failure = error
            }
        }
        throw failure
    }

    private func addresses(
        of key: ConnectionPool.Key,
        on eventLoop: any EventLoop,
        until end: NIODeadline,
        orThrow timedOut: ExchangeFailure
    ) async throws -> [SocketAddress] {
        let addresses: [SocketAddress]
        switch key.host {
        case .address(let address): addresses = [address.socketAddress(port: key.port)]
        case .name(let name):
            do {
                addresses = try await self.resolver.addresses(of: name, port: key.port, on: eventLoop)
                    .get(until: end, orThrow: timedOut)
            } catch is HostResolver.UnknownHost {
                throw ExchangeFailure.unreachable
            }
        }
        // One bad address among good ones is no accident: it may be the one that is connected to.
        guard addresses.allSatisfy({ IPAddress($0).map(key.reach.permits) == true }) else {
            throw ExchangeFailure.forbidden(key.reach)
        }
        return addresses
    }

    /// The settings of TLS, which take a while to load and are made at the first use.
    private func context() throws -> NIOSSLContext {
        try self.tls.withLock { context in
            if let context { return context }
            var settings = TLSConfiguration.makeClientConfiguration()
            settings.minimumTLSVersion = .tlsv12
            settings.trustRoots = self.trustRoots
            settings.applicationProtocols = self.applicationProtocols
            settings.shutdownTimeout = .seconds(1)
            do {
                let new = try NIOSSLContext(configuration: settings)
                context = new
                return new
            } catch {
                throw ExchangeFailure.untrusted
            }
        }
    }
}

extension EventLoopFuture where Value: Sendable {
    /// The value, unless the time passes or the task is cancelled first.
    ///
    /// - Throws: `failure`, `CancellationError`, what the future failed with.
    func get(until deadline: NIODeadline, orThrow failure: ExchangeFailure) async throws -> Value {
        let promise = self.eventLoop.makePromise(of: Value.self)
        self.cascade(to: promise)
        let timer = self.eventLoop.scheduleTask(deadline: deadline) { promise.fail(failure) }
        defer { timer.cancel() }
        return try await withTaskCancellationHandler {
            try await promise.futureResult.get()
        } onCancel: {
            promise.fail(CancellationError())
        }
    }
}
