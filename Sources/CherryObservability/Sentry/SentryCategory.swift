/// The categories of data that a Sentry server limits and that client reports count by.
///
/// Of those in the developer documentation, "Rate Limiting", the ones that are sent from here.
public enum SentryCategory: String, Sendable, Hashable, CaseIterable {
    case error, session, transaction, span
    /// What the client says about itself: client reports.
    case `internal`
}
