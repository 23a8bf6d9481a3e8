public import Hummingbird
import Logging

/// What travels with one request.
public struct AppRequestContext: RequestContext {
    public var coreContext: CoreRequestContextStorage
    /// Names the request, in the log and to the client.
    let requestID: String

    /// Begins a request.
    public init(source: Source) {
        self.coreContext = .init(source: source)
        // The server has put an id into the log's metadata, unless the log keeps none.
        self.requestID = source.logger[metadataKey: "hb.request.id"]?.description ?? RequestID().description
    }
}
