import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOHTTPCompression
import NIOSSL

extension NetError {
    /// Where in an exchange an error came up.
    enum Phase {
        case beforeAnswer, withinAnswer
    }

    /// Says in our own words what a client's error means. The error itself is not kept: some hold header values.
    ///
    /// - Returns: a `NetError`, or `CancellationError` for a cancelled task.
    static func translate(_ error: any Error, host: String, phase: Phase) -> any Error {
        switch error {
        case is CancellationError: CancellationError()
        case let error as NetError: error
        case let error as HTTPClientError: Self.translate(error, host: host, phase: phase)
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError:
            NetError(
                .untrusted,
                message: "No secure connection to \(host): its certificate or its TLS was not accepted.",
                hint: "Check the address and the server's certificate."
            )
        case HTTPParserError.invalidEOFState: Self.connectionLost(host: host)
        case is HTTPParserError, is NIOHTTPDecompression.ExtraDecompressionError:
            NetError(.garbled, message: "\(host) does not answer in HTTP.", hint: "Check the address and its port.")
        case let error as NIOHTTPDecompression.DecompressionError:
            if case .limit = error {
                Self.tooLarge(host: host)
            } else {
                NetError(.garbled, message: "The compressed answer from \(host) is damaged.")
            }
        case ChannelError.connectTimeout: Self.connectTimedOut(host: host)
        default:
            switch phase {
            case .beforeAnswer:
                NetError(
                    .unreachable,
                    message: "No connection to \(host).",
                    hint: "Check the address, and that the server runs."
                )
            case .withinAnswer: Self.connectionLost(host: host)
            }
        }
    }

    private static func translate(_ error: HTTPClientError, host: String, phase: Phase) -> any Error {
        switch error {
        case .cancelled: CancellationError()
        case .connectTimeout, .getConnectionFromPoolTimeout, .tlsHandshakeTimeout: Self.connectTimedOut(host: host)
        case .deadlineExceeded, .readTimeout:
            NetError(.firstByteTimedOut, message: "\(host) did not begin to answer in time.")
        case .remoteConnectionClosed, .uncleanShutdown: Self.connectionLost(host: host)
        case .alreadyShutdown: NetError(.closed, message: "The program is shutting down.")
        case .invalidURL, .emptyHost, .emptyScheme, .missingSocketPath:
            NetError(.invalidAddress, message: "The address is not a URL that can be reached.")
        default:
            // Such as a header value with a line break: the request was never sent.
            NetError(
                .invalidAddress,
                message: "The request to \(host) could not be formed.",
                hint: "Check the address, and that the key has no line breaks or control characters."
            )
        }
    }

    static func stalled(host: String) -> NetError {
        NetError(.stalled, message: "\(host) stopped in the middle of its answer.")
    }

    static func tookTooLong(host: String) -> NetError {
        NetError(.tookTooLong, message: "The answer from \(host) took longer than allowed.")
    }

    static func tooLarge(host: String) -> NetError {
        NetError(.tooLarge, message: "The answer from \(host) is larger than allowed.")
    }

    private static func connectTimedOut(host: String) -> NetError {
        NetError(
            .connectTimedOut,
            message: "No connection to \(host) in time.",
            hint: "Check the address and the network."
        )
    }

    private static func connectionLost(host: String) -> NetError {
        NetError(.connectionLost, message: "The connection to \(host) broke before the answer was whole.")
    }
}
