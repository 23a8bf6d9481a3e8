/// Somebody who is told of failures that nobody expected, such as an error tracker.
///
/// Calls are cheap, never wait and never fail. What an implementation passes on is chosen from a closed set: the type of
/// the error and its code, never its words.
public protocol ErrorReporter: Sendable {
    /// Takes note of a failure, with the stack of the caller.
    func report(_ failure: FailureReport)
    /// Takes note of something that helps to understand a later failure.
    func note(_ milestone: Milestone)
}

/// A failure that nobody expected, and where it was noticed.
public struct FailureReport: Sendable {
    /// Where a failure was noticed.
    public enum Place: Sendable, Hashable {
        /// While a request was answered: its method, and the route's template such as `/api/v1/messages/{id}`, never
        /// the path that was asked for; `nil` when no route matched.
        case request(method: String, route: String?)
        /// In work that the server does by itself.
        case work(BackgroundWork)
    }

    public var error: any Error
    public var place: Place
    /// What the request was answered with.
    public var status: Int?
    /// The trace that it belongs to: 32 and 16 hexadecimal digits of a W3C trace context.
    public var trace: (traceID: String, spanID: String)?

    public init(
        _ error: any Error,
        at place: Place,
        status: Int? = nil,
        trace: (traceID: String, spanID: String)? = nil
    ) {
        self.error = error
        self.place = place
        self.status = status
        self.trace = trace
    }
}

/// What the server does by itself.
public enum BackgroundWork: String, Sendable, CaseIterable {
    case preparing, indexing, verifying, resealing, purging, replying, recording, following, delivering
}

/// What happened to the server as a whole.
public enum Milestone: Sendable, Hashable {
    case started, unlocked, locked, rotating, stopping
    /// A request was answered: its method, its route's template or `nil`, and its status.
    case answered(method: String, route: String?, status: Int)
}

/// Tells nobody.
public struct NoErrorReporter: ErrorReporter {
    public init() {}
    public func report(_ failure: FailureReport) {}
    public func note(_ milestone: Milestone) {}
}
