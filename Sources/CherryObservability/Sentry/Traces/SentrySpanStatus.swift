/// How a span ended, in the words of Sentry (developer documentation, "Span Interface", status).
enum SentrySpanStatus: String, Sendable, CaseIterable {
    case ok, cancelled, unauthenticated, aborted, unimplemented, unavailable
    case invalidArgument = "invalid_argument"
    case permissionDenied = "permission_denied"
    case notFound = "not_found"
    case resourceExhausted = "resource_exhausted"
    case deadlineExceeded = "deadline_exceeded"
    case internalError = "internal_error"

    init(of span: SpanRecord) {
        switch (span["http.response.status_code"], span["error.type"]) {
        case (.integer(let status), _): self.init(httpStatus: status)
        case (_, .text("cancelled")): self = .cancelled
        default: self = span.hasFailed ? .internalError : .ok
        }
    }

    private init(httpStatus status: Int64) {
        switch status {
        case ..<400: self = .ok
        case 401: self = .unauthenticated
        case 403: self = .permissionDenied
        case 404: self = .notFound
        case 409: self = .aborted
        case 429: self = .resourceExhausted
        case 499: self = .cancelled
        case ..<500: self = .invalidArgument
        case 501: self = .unimplemented
        case 503: self = .unavailable
        case 504: self = .deadlineExceeded
        default: self = .internalError
        }
    }
}

extension SpanRecord {
    /// The value of an attribute.
    subscript(_ key: String) -> Value? { self.attributes.first { $0.key == key }?.value }
}
