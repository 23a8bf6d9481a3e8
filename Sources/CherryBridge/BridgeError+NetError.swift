import CherryNet

extension BridgeError {
    /// Says what a failed connection means for a conversation.
    ///
    /// - Parameter hasAnswer: whether the answer had begun.
    init(_ error: NetError, hasAnswer: Bool) {
        let code: Code =
            switch error.code {
            case _ where error.isTimeout: .timedOut
            case .connectionLost where hasAnswer: .cutOff
            case .garbled, .tooLarge: .garbled
            case .forbiddenAddress, .invalidAddress: .denied
            default: .unreachable
            }
        self.init(code, message: error.message, hint: error.hint, underlying: error)
    }
}
