import CherryNet
import NIOCore
import Synchronization

/// One client's connection: knows when the client has gone, and ends what is made for it elsewhere.
final class ClientConnection: Sendable {
    /// The connection that the request of this task came over; `nil` where there is none, as in tests of routes alone.
    @TaskLocal static var current: ClientConnection?

    private struct State {
        var isGone = false
        var abort: RequestAbort?
    }
    private let state = Mutex(State())

    /// The client has gone.
    func close() {
        let abort = self.state.withLock { state in
            state.isGone = true
            return state.abort
        }
        abort?.abort()
    }

    /// Ends `abort` when the client goes, or at once when it has gone. A connection carries one request at a time, and so
    /// has one at a time.
    func begin(_ abort: RequestAbort) {
        let isGone = self.state.withLock { state in
            state.abort = abort
            return state.isGone
        }
        if isGone { abort.abort() }
    }

    /// The request is done.
    func end() { self.state.withLock { $0.abort = nil } }
}

/// Tells a connection that its client has closed it, wholly or for sending: a client that waits for an answer does
/// neither.
// The handler belongs to one event loop; what it tells is safe to be told from there.
final class ClosingHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = Any

    let connection = ClientConnection()

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent { self.connection.close() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.connection.close()
        context.fireChannelInactive()
    }
}
