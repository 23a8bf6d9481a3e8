import CherryCore
import HTTPTypes
import Hummingbird

extension APIError {
    /// Turns any error into what the client is told. This is the one place that knows which code has which status.
    ///
    /// An error that is not the product's own becomes `internal` and is kept for the log.
    init(mapping error: any Error) {
        switch error {
        case let error as APIError:
            self = error
        case let error as HTTPError where error.status == .notFound:
            self = .notFound("address")
        case is CancellationError:
            self = .timedOut
        case let error as any CherryError:
            self.init(mapping: error)
        default:
            self = .internal(error)
        }
    }

    private init(mapping error: any CherryError) {
        guard let rule = Self.rules[error.codeName] else {
            self = .internal(error)
            return
        }
        self.init(rule.status, rule.code ?? error.codeName, error.message, hint: error.hint)
        if rule.status == .tooManyRequests { self.retryAfter = .seconds(1) }
        if rule.status.kind == .serverError { self.fault = error }
    }

    private static func `internal`(_ error: any Error) -> APIError {
        var mapped = APIError(
            .internalServerError,
            "internal",
            "Something went wrong inside the server.",
            hint: "The server's log has the details under this request's id."
        )
        mapped.underlying = error
        mapped.fault = error
        return mapped
    }

    private struct Rule {
        let status: HTTPResponse.Status
        /// The code to show when it is not the error's own.
        var code: String?
    }

    private static let locked = HTTPResponse.Status(code: 423, reasonPhrase: "Locked")
    private static let failedDependency = HTTPResponse.Status(code: 424, reasonPhrase: "Failed Dependency")
    private static let insufficientStorage = HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage")

    private static let rules: [String: Rule] = [
        // Telemetry.
        "invalidTarget": Rule(status: .unprocessableContent, code: "invalid"),
        // The journal.
        "unknownRecord": Rule(status: .notFound, code: "notFound"),
        "journalFull": Rule(status: insufficientStorage, code: "diskFull"),
        "wrongKey": Rule(status: .serviceUnavailable, code: "unavailable"),
        "inUse": Rule(status: .serviceUnavailable, code: "unavailable"),
        "closed": Rule(status: .serviceUnavailable, code: "unavailable"),
        // The vault.
        "sealed": Rule(status: locked),
        "uninitialized": Rule(status: .conflict, code: "notSetUp"),
        "alreadyInitialized": Rule(status: .conflict, code: "alreadySetUp"),
        "wrongPassphrase": Rule(status: .unauthorized),
        "wrongRecoveryCode": Rule(status: .unauthorized),
        "malformedRecoveryCode": Rule(status: .unauthorized),
        "weakKDF": Rule(status: .unprocessableContent),
        "weakPassphrase": Rule(status: .unprocessableContent),
        "tampered": Rule(status: .conflict),
        "slotNotFound": Rule(status: .notFound, code: "notFound"),
        "lastSlot": Rule(status: .conflict),
        "machineKeyUnavailable": Rule(status: .conflict),
        "rotationRunning": Rule(status: .conflict),
        "keyExhausted": Rule(status: .conflict),
        "unknownKey": Rule(status: .serviceUnavailable, code: "damaged"),
        "damagedHeader": Rule(status: .serviceUnavailable, code: "damaged"),
        // The store.
        "conflict": Rule(status: .conflict),
        "notFound": Rule(status: .notFound),
        "damaged": Rule(status: .serviceUnavailable),
        "undecodable": Rule(status: .serviceUnavailable, code: "damaged"),
        "tooNew": Rule(status: .serviceUnavailable),
        "unavailable": Rule(status: .serviceUnavailable),
        "diskFull": Rule(status: insufficientStorage),
        // A turn.
        "invalid": Rule(status: .unprocessableContent),
        "tooManyReplies": Rule(status: .tooManyRequests),
        // A report of the web app's.
        "malformedEnvelope": Rule(status: .unprocessableContent, code: "invalid"),
        "invalidDSN": Rule(status: .unprocessableContent, code: "invalid"),
        // A language model that could not be asked.
        "unreachable": Rule(status: failedDependency),
        "timedOut": Rule(status: failedDependency),
        "unauthorized": Rule(status: failedDependency),
        "rateLimited": Rule(status: failedDependency),
        "refused": Rule(status: failedDependency),
        "unknownModel": Rule(status: failedDependency),
        "overloaded": Rule(status: failedDependency),
        "garbled": Rule(status: failedDependency),
        "cutOff": Rule(status: failedDependency),
        "contextTooLong": Rule(status: failedDependency),
        "localModelMissing": Rule(status: failedDependency),
        "localModelFailed": Rule(status: failedDependency),
        "unsupported": Rule(status: failedDependency),
        "denied": Rule(status: failedDependency),
    ]
}
