import CherryCore
import CherryVault
import Foundation
import HTTPTypes
import Hummingbird

/// What a client is told when a request is not done. Carries no user data beyond what the client sent or may read.
struct APIError: Error, Sendable {
    /// The answer's status.
    var status: HTTPResponse.Status
    /// A stable identifier in camel case; part of the interface.
    var code: String
    /// What happened, in one plain sentence.
    var message: String
    /// What to do next.
    var hint: String?
    /// When another attempt makes sense; sent in whole seconds, rounded up.
    var retryAfter: Duration?
    /// Methods that the path has, for 405.
    var allowed: [HTTPRequest.Method] = []
    /// The record as it is now, as an encoded envelope, for a conflict.
    var current: Data?
    /// What is still to come of a body that was refused. The connection is closed after the answer.
    var rest: RestOfBody?
    /// What went wrong underneath, for the log only; set when the client is told nothing but `internal`.
    var underlying: (any Error)?
    /// What to report, since it is the server's own fault: what nobody expected, a damaged store, a full disk.
    var fault: (any Error)?

    /// Describes an answer.
    init(_ status: HTTPResponse.Status, _ code: String, _ message: String, hint: String? = nil) {
        self.status = status
        self.code = code
        self.message = message
        self.hint = hint
    }
}

extension APIError {
    /// The request's JSON is well-formed and says something that cannot be.
    static func invalid(_ message: String) -> APIError {
        APIError(.unprocessableContent, "invalid", message)
    }

    /// There is no such record; an id that is no id is one of those.
    static func notFound(_ what: String) -> APIError {
        APIError(.notFound, "notFound", "There is no such \(what).")
    }

    /// The body is not JSON.
    static func malformedJSON(_ message: String) -> APIError {
        APIError(.badRequest, "malformedJSON", message)
    }

    /// The vault is locked or not set up.
    static let sealed = APIError(
        HTTPResponse.Status(code: 423, reasonPhrase: "Locked"),
        "sealed",
        "The vault is locked.",
        hint: "Unlock it with the passphrase."
    )

    /// No session, or one that ended.
    static let unauthenticated = APIError(
        .unauthorized,
        "unauthenticated",
        "There is no session, or it has ended.",
        hint: "Unlock with the passphrase."
    )

    /// The passphrase does not open the vault.
    static let wrongPassphrase = APIError(mapping: VaultError(.wrongPassphrase))

    /// Too many attempts; the next one may be made after `delay`.
    static func tooManyAttempts(retryAfter delay: Duration) -> APIError {
        var error = APIError(
            .tooManyRequests,
            "tooManyAttempts",
            "There were too many wrong attempts.",
            hint: "Wait, then try again."
        )
        error.retryAfter = delay
        return error
    }

    /// The write was based on a version that is no longer the latest.
    static func conflict(current: Data?) -> APIError {
        var error = APIError(
            .conflict,
            "conflict",
            "The record was changed meanwhile.",
            hint: "Take the current version and apply the change again."
        )
        error.current = current
        return error
    }

    /// The path exists, the method on it does not.
    static func methodNotAllowed(_ allowed: [HTTPRequest.Method]) -> APIError {
        var error = APIError(.methodNotAllowed, "methodNotAllowed", "This address does not take that method.")
        error.allowed = allowed
        return error
    }

    /// The request was not done in time.
    static let timedOut = APIError(.serviceUnavailable, "timedOut", "The request took too long and was ended.")
}

extension APIError {
    private struct Body: Encodable {
        struct Details: Encodable {
            let code: String
            let message: String
            let hint: String?
            let retryAfter: Int64?
            let requestID: String?
        }
        let error: Details
    }

    /// The answer with its JSON body.
    ///
    /// - Parameter requestID: named in the body only when nothing else is told, so that the log can be searched for it.
    func response(requestID: String) -> Response {
        var headers: HTTPFields = [.contentType: "application/json"]
        let seconds = self.retryAfter.map { max(1, $0.components.seconds + ($0.components.attoseconds > 0 ? 1 : 0)) }
        if let seconds { headers[.retryAfter] = String(seconds) }
        if self.status == .methodNotAllowed {
            headers[.allow] = self.allowed.map(\.rawValue).joined(separator: ", ")
        }
        let details = Body.Details(
            code: self.code,
            message: self.message,
            hint: self.hint,
            retryAfter: seconds,
            requestID: self.underlying == nil ? nil : requestID
        )
        var data = JSON.encode(Body(error: details))
        if let current = self.current {
            data.removeLast()
            data.append(contentsOf: Data(",\"current\":".utf8))
            data.append(current)
            data.append(UInt8(ascii: "}"))
        }
        let bytes = ByteBuffer(bytes: data)
        guard let rest = self.rest else {
            return Response(status: self.status, headers: headers, body: .init(byteBuffer: bytes))
        }
        return .closing(status: self.status, headers: headers, bytes: bytes, after: rest)
    }
}
