public import Hummingbird

/// What travels with one request.
public struct AppRequestContext: RequestContext {
    public var coreContext: CoreRequestContextStorage

    /// Begins a request.
    public init(source: Source) {
        self.coreContext = .init(source: source)
    }
}
