/// Why an exchange came to no good end, before it is put into words.
enum ExchangeFailure: Error, Sendable, Hashable {
    /// The caller wants no more of it.
    case cancelled
    /// The address may not be reached by this request, which may go so far.
    case forbidden(EgressReach)
    /// No such host, or nobody answers there.
    case unreachable
    case connectTimedOut
    /// TLS failed, or the certificate does not prove who it is.
    case untrusted
    /// The connection ended before the answer did, or before it began.
    case lost
    /// The connection had served before and turned out to be closed: nothing of an answer came.
    case stale
    case malformed
    /// The packed body cannot be unpacked.
    case damaged
    case tooLarge
    case firstByteTimedOut
    case stalled
    case tookTooLong
    /// The transport was shut down.
    case closed
}
