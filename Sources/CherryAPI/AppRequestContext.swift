public import Hummingbird
import Logging
import NIOCore

/// What travels with one request.
public struct AppRequestContext: RequestContext {
    public var coreContext: CoreRequestContextStorage
    /// Names the request, in the log and to the client.
    let requestID: String
    /// The connection that it came by.
    let channel: any Channel

    /// Begins a request.
    public init(source: Source) {
        self.coreContext = .init(source: source)
        self.channel = source.channel
        // The server has put an id into the log's metadata, unless the log keeps none.
        self.requestID = source.logger[metadataKey: "hb.request.id"]?.description ?? RequestID().description
    }
}
