public import CherryBridge
import CherryCore
public import CherryStore

extension LibraryContext {
    /// Creates a view on the library whose questions go through the gateway, within the token's scope and budget.
    public init(store: SealedStore, library: Library, models: ModelDirectory, gateway: Gateway) {
        self.init(store: store, library: library) { request, grant, receive in
            let caller = GatewayCaller(token: grant.token)
            let exchange: Exchange
            var name = request.model
            if name.isEmpty {
                let reference = try await models.resolve(nil).reference
                name = reference.model
                var request = request
                request.model = name
                exchange = try await gateway.ask(GatewayQuestion(request), of: reference, for: caller)
            } else {
                exchange = try await gateway.ask(GatewayQuestion(request), for: caller)
            }
            while let piece = try await exchange.next() {
                for event in piece.events {
                    if case .started(_, let model?) = event { name = model }
                    try await receive(event)
                }
            }
            return name
        }
    }
}
