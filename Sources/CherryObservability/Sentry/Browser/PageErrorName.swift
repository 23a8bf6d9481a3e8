/// The names of errors in a page that are told; every other is `Error`.
enum PageErrorName {
    static let known: Set<String> = [
        "AbortError", "AggregateError", "ApiError", "ConstraintError", "CryptoError", "DataCloneError", "DataError",
        "DatabaseClosedError", "Error", "EvalError", "InvalidAccessError", "InvalidStateError", "NetworkError",
        "NotAllowedError", "NotFoundError", "OpenFailedError", "OperationError", "QuotaExceededError", "RangeError",
        "ReadOnlyError", "ReferenceError", "Rejection", "SecurityError", "SyntaxError", "TimeoutError",
        "TransactionInactiveError", "TypeError", "URIError", "UnknownError", "VersionError",
    ]

    static func symbol(_ name: String?) -> SymbolName {
        let known = name.flatMap { Self.known.contains($0) ? $0 : nil } ?? "Error"
        return SymbolName(compiled: known) ?? .unknown
    }
}
