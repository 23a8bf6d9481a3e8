import CherryBridge

/// Why a language model could not be asked, as it is sent.
struct FailureView: Encodable, Sendable {
    let code: String
    let message: String
    let hint: String?

    /// Shows an error.
    init(_ error: BridgeError) {
        self.code = error.codeName
        self.message = error.message
        self.hint = error.hint
    }
}
