import CherryCore
import CherryNet

/// Sends one request to a destination and reads the whole of a short answer.
struct HTTPSender: Sendable {
    /// What came back.
    struct Answer: Sendable {
        let status: Int
        let retryAfter: Duration?
        let body: [UInt8]

        /// What the status means.
        var verdict: HTTPVerdict { HTTPVerdict(status: self.status, retryAfter: self.retryAfter) }
    }

    /// No answer: why, from a closed set.
    struct Failure: Error {
        let reason: String

        /// What that means for what was sent.
        var verdict: HTTPVerdict { .later(reason: self.reason, pause: nil) }
    }

    let transport: HTTPTransport
    let reach: EgressReach
    let credential: HTTPCredential
    /// For the whole exchange.
    let time: Duration
    let clock: WallClock

    /// Posts a body that may be long: packed on its way over the internet, and as it is within the own network, where
    /// room costs less than the processor.
    func push(
        _ url: String,
        contentType: String,
        headers: [(name: String, value: String)] = [],
        body: [UInt8],
        answerLimit: Int
    ) async -> Result<Answer, Failure> {
        let (body, coding) = Self.packed(body, for: self.reach)
        return await self.send(
            .post,
            url,
            headers: [("Content-Type", contentType)] + coding + headers,
            body: body,
            answerLimit: answerLimit
        )
    }

    /// The body as it travels, and the header that says how.
    static func packed(_ body: [UInt8], for reach: EgressReach) -> ([UInt8], [(name: String, value: String)]) {
        switch reach {
        case .publicOnly: (Gzip.pack(body), [("Content-Encoding", "gzip")])
        case .anywhere: (body, [])
        }
    }

    /// Sends a request.
    ///
    /// - Parameter answerLimit: bytes of the answer's body.
    /// - Returns: a failure also when the task was cancelled.
    func send(
        _ method: OutgoingRequest.Method,
        _ url: String,
        headers: [(name: String, value: String)] = [],
        body: [UInt8]? = nil,
        answerLimit: Int
    ) async -> Result<Answer, Failure> {
        let request = OutgoingRequest(
            method,
            url,
            headers: headers + (self.credential.header.map { [$0] } ?? []),
            body: body,
            limits: .init(firstByte: self.time, gap: self.time, total: self.time, size: answerLimit),
            reach: self.reach
        )
        do {
            let response = try await self.transport.send(request)
            let body = try await response.body.collect(upTo: answerLimit)
            let retryAfter = response.header("Retry-After").flatMap { RetryAfter.duration($0, now: self.clock.now) }
            return .success(Answer(status: response.status, retryAfter: retryAfter, body: body))
        } catch let error as NetError {
            return .failure(Failure(reason: "net_\(error.code)"))
        } catch {
            return .failure(Failure(reason: "cancelled"))
        }
    }
}
