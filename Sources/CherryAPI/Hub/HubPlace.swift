import CherryBridge

/// A connection's place in the hub, from the handshake until it is given back.
struct HubPlace: Sendable {
    let hub: BridgeHub
    let id: HubConnectionID

    /// Bytes of one message.
    var messageLimit: Int { self.hub.limits.messageBytes }

    /// The connection is open; `link` leads to it. If the hub has let go of the place meanwhile, it is closed.
    func connect(_ link: any HubLink) { self.hub.connect(self.id, link) }

    /// A whole message has come.
    func receive(_ bytes: some Collection<UInt8>) { self.hub.receive(bytes, from: self.id) }

    /// The next message to write, if any waits.
    func take() -> [UInt8]? { self.hub.take(self.id) }

    /// The connection has ended, or never began. May be called again.
    func leave() { self.hub.leave(self.id) }
}
