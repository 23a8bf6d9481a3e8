extension NetError {
    /// Says in our own words what a failure means.
    ///
    /// - Parameter host: the host as the user wrote it.
    /// - Returns: a `NetError`, or `CancellationError` for a cancelled task.
    static func translate(_ error: any Error, host: String) -> any Error {
        guard let failure = error as? ExchangeFailure else {
            return error is CancellationError || error is NetError ? error : Self.connectionLost(host: host)
        }
        return switch failure {
        case .cancelled: CancellationError()
        case .forbidden(let reach): Self.forbidden(host: host, reach: reach)
        case .unreachable:
            NetError(
                .unreachable,
                message: "No connection to \(host).",
                hint: "Check the address, and that the server runs."
            )
        case .connectTimedOut:
            NetError(
                .connectTimedOut,
                message: "No connection to \(host) in time.",
                hint: "Check the address and the network."
            )
        case .untrusted:
            NetError(
                .untrusted,
                message: "No secure connection to \(host): its certificate or its TLS was not accepted.",
                hint: "Check the address and the server's certificate."
            )
        case .lost, .stale: Self.connectionLost(host: host)
        case .malformed:
            NetError(.garbled, message: "\(host) does not answer in HTTP.", hint: "Check the address and its port.")
        case .damaged: NetError(.garbled, message: "The compressed answer from \(host) is damaged.")
        case .tooLarge: Self.tooLarge(host: host)
        case .firstByteTimedOut: NetError(.firstByteTimedOut, message: "\(host) did not begin to answer in time.")
        case .stalled: NetError(.stalled, message: "\(host) stopped in the middle of its answer.")
        case .tookTooLong: NetError(.tookTooLong, message: "The answer from \(host) took longer than allowed.")
        case .closed: NetError(.closed, message: "The program is shutting down.")
        }
    }

    static func tooLarge(host: String) -> NetError {
        NetError(.tooLarge, message: "The answer from \(host) is larger than allowed.")
    }

    private static func forbidden(host: String, reach: EgressReach) -> NetError {
        switch reach {
        case .publicOnly:
            NetError(
                .forbiddenAddress,
                message: "\(host) is on this machine or in its network, which this address was not allowed to reach.",
                hint: "If the server is yours, allow private addresses for it, or enter its IP address itself."
            )
        case .anywhere:
            NetError(
                .forbiddenAddress,
                message:
                    "\(host) is an address that is never reached: a cloud's metadata service, or no single server.",
                hint: "Check the address."
            )
        }
    }

    private static func connectionLost(host: String) -> NetError {
        NetError(.connectionLost, message: "The connection to \(host) broke before the answer was whole.")
    }
}
