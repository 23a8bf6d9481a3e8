import CherryBridge
import NIOCore

/// The way from the hub to one connection. Both may be called from any thread, and return at once.
protocol HubLink: Sendable {
    /// Something waits: take it as soon as it can be written.
    func wake()

    /// Say goodbye and close.
    func close(_ closing: HubClosing)
}

/// The way to a connection's channel handler, on its event loop.
struct ChannelLink: HubLink {
    let handler: NIOLoopBound<HubSocketHandler>
    let eventLoop: any EventLoop

    func wake() { self.eventLoop.execute { self.handler.value.drain() } }

    func close(_ closing: HubClosing) { self.eventLoop.execute { self.handler.value.close(closing) } }
}
