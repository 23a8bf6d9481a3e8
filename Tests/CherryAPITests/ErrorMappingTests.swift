import CherryAssistant
import CherryBridge
import CherryCore
import CherryStore
import CherryVault
import HTTPTypes
import HummingbirdCore
import Testing

@testable import CherryAPI

@Suite("From errors to answers")
struct ErrorMappingTests {
    private static let errors: [(any CherryError, Int, String)] = [
        (VaultError(.sealed), 423, "sealed"),
        (VaultError(.uninitialized), 409, "notSetUp"),
        (VaultError(.alreadyInitialized), 409, "alreadySetUp"),
        (VaultError(.wrongPassphrase), 401, "wrongPassphrase"),
        (VaultError(.wrongRecoveryCode), 401, "wrongRecoveryCode"),
        (VaultError(.malformedRecoveryCode), 401, "malformedRecoveryCode"),
        (VaultError(.weakKDF), 422, "weakKDF"),
        (VaultError(.weakPassphrase), 422, "weakPassphrase"),
        (VaultError(.tampered), 409, "tampered"),
        (VaultError(.unknownKey), 503, "damaged"),
        (VaultError(.keyExhausted), 409, "keyExhausted"),
        (VaultError(.damagedHeader), 503, "damaged"),
        (VaultError(.tooNew), 503, "tooNew"),
        (VaultError(.slotNotFound), 404, "notFound"),
        (VaultError(.lastSlot), 409, "lastSlot"),
        (VaultError(.machineKeyUnavailable), 409, "machineKeyUnavailable"),
        (VaultError(.rotationRunning), 409, "rotationRunning"),
        (VaultError(.unavailable), 503, "unavailable"),
        (StoreError(.conflict, message: "m"), 409, "conflict"),
        (StoreError(.notFound, message: "m"), 404, "notFound"),
        (StoreError(.tampered, message: "m"), 409, "tampered"),
        (StoreError(.damaged, message: "m"), 503, "damaged"),
        (StoreError(.tooNew, message: "m"), 503, "tooNew"),
        (StoreError(.diskFull, message: "m"), 507, "diskFull"),
        (StoreError(.unavailable, message: "m"), 503, "unavailable"),
        (StoreError(.undecodable, message: "m"), 503, "damaged"),
        (AssistantError(.notFound, message: "m"), 404, "notFound"),
        (AssistantError(.invalid, message: "m"), 422, "invalid"),
        (AssistantError(.tooManyReplies, message: "m"), 429, "tooManyReplies"),
        (BridgeError(.unreachable, message: "m"), 424, "unreachable"),
        (BridgeError(.timedOut, message: "m"), 424, "timedOut"),
        (BridgeError(.unauthorized, message: "m"), 424, "unauthorized"),
        (BridgeError(.rateLimited, message: "m"), 424, "rateLimited"),
        (BridgeError(.refused, message: "m"), 424, "refused"),
        (BridgeError(.unknownModel, message: "m"), 424, "unknownModel"),
        (BridgeError(.overloaded, message: "m"), 424, "overloaded"),
        (BridgeError(.garbled, message: "m"), 424, "garbled"),
        (BridgeError(.cutOff, message: "m"), 424, "cutOff"),
        (BridgeError(.contextTooLong, message: "m"), 424, "contextTooLong"),
        (BridgeError(.localModelMissing, message: "m"), 424, "localModelMissing"),
        (BridgeError(.localModelFailed, message: "m"), 424, "localModelFailed"),
        (BridgeError(.unsupported, message: "m"), 424, "unsupported"),
    ]

    @Test("Each code of the product has its status", arguments: Self.errors.indices)
    func statuses(index: Int) {
        let (error, status, code) = Self.errors[index]
        let mapped = APIError(mapping: error)
        #expect(mapped.status.code == status)
        #expect(mapped.code == code)
        #expect(mapped.message == error.message)
        #expect(mapped.hint == error.hint)
        #expect(mapped.underlying == nil)
    }

    @Test("Every status that can be answered is described")
    func described() {
        let responses = OpenAPIDocument.make(version: "1")["components"]["responses"].keys
        for (_, status, _) in Self.errors { #expect(responses.contains("E\(status)")) }
    }

    @Test("A wait is told in whole seconds, rounded up, in the header and in the body")
    func retryAfter() {
        let response = APIError.tooManyAttempts(retryAfter: .milliseconds(1500)).response(requestID: "r")
        #expect(response.headers[.retryAfter] == "2")
    }
}
