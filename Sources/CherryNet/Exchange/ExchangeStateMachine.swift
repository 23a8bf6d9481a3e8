import NIOCore

/// One request and its answer, between the connection that delivers and the reader who takes. Pure: times are given.
///
/// Stages: awaitingHead → streaming → over; streaming → draining (the reader has enough) → over. What had arrived before
/// a failure is read before the failure is.
struct ExchangeStateMachine {
    struct Limits: Sendable {
        var firstByte: NIODeadline
        var gap: TimeAmount
        var end: NIODeadline
        /// Bytes of the body.
        var size: Int
        /// For the rest of an answer that nobody reads, so that its connection can serve again.
        var drain = TimeAmount.seconds(1)
    }

    enum Ending: Sendable, Hashable {
        case whole
        case failed(ExchangeFailure)
    }

    /// What a connection brought in one go.
    struct Arrival {
        var head: ResponseHead?
        var piece: ByteBuffer?
        var ending: Ending?

        var isEmpty: Bool { self.head == nil && self.piece == nil && self.ending == nil }
    }

    /// What those who wait get.
    struct Delivery {
        var head: Result<ResponseHead, ExchangeFailure>?
        var piece: Result<ByteBuffer?, ExchangeFailure>?
    }

    enum Take {
        /// A piece; when `resumes`, the connection waits to be told to read on.
        case piece(ByteBuffer, resumes: Bool)
        case end
        case failed(ExchangeFailure)
        case wait
    }

    /// What the connection does next.
    enum Next: Sendable, Hashable {
        /// Read on, and look at the time at the latest then.
        case readOn(latest: NIODeadline)
        /// Wait until the reader has taken what there is.
        case pause
        /// Nothing: the exchange is over.
        case over
    }

    enum Expiry {
        case again(at: NIODeadline)
        case failed(Delivery)
    }

    /// Bytes of the rest of an answer that nobody reads.
    static let drainSize = 64 * 1024

    private enum Stage {
        case awaitingHead, streaming
        case draining(until: NIODeadline, left: Int)
        case over
    }

    private let limits: Limits
    private var stage = Stage.awaitingHead
    private var buffered: ByteBuffer?
    /// Comes after `buffered`.
    private(set) var ending: Ending?
    private var received = 0
    private var isHeadAwaited = false
    /// When the patience of a reader who waits for a piece ends.
    private var pieceDeadline: NIODeadline?
    private var isPaused = false

    init(limits: Limits) {
        self.limits = limits
    }

    // MARK: The connection's side

    /// Takes what arrived.
    mutating func arrived(_ arrival: Arrival) -> Delivery {
        guard self.ending == nil else { return Delivery() }
        var delivery = Delivery()
        if let head = arrival.head, case .awaitingHead = self.stage {
            self.stage = .streaming
            self.isHeadAwaited = false
            delivery.head = .success(head)
        }
        self.ending = arrival.ending
        if let piece = arrival.piece { self.take(in: piece) }
        if case .awaitingHead = self.stage, case .failed(let failure) = self.ending {
            self.isHeadAwaited = false
            delivery.head = .failure(failure)
        }
        if self.ending != nil, self.buffered == nil { self.stage = .over }
        delivery.piece = self.satisfyReader()
        return delivery
    }

    private mutating func take(in piece: ByteBuffer) {
        if case .draining(let until, let left) = self.stage {
            self.stage = .draining(until: until, left: left - piece.readableBytes)
            if left < piece.readableBytes { self.ending = .failed(.cancelled) }
            return
        }
        self.received += piece.readableBytes
        guard self.received <= self.limits.size else {
            self.ending = .failed(.tooLarge)
            return
        }
        if self.buffered == nil {
            self.buffered = piece
        } else {
            self.buffered?.writeImmutableBuffer(piece)
        }
    }

    private mutating func satisfyReader() -> Result<ByteBuffer?, ExchangeFailure>? {
        guard self.pieceDeadline != nil else { return nil }
        let result: Result<ByteBuffer?, ExchangeFailure>
        if let piece = self.buffered {
            self.buffered = nil
            result = .success(piece)
        } else {
            switch self.ending {
            case nil: return nil
            case .whole: result = .success(nil)
            case .failed(let failure): result = .failure(failure)
            }
        }
        self.pieceDeadline = nil
        return result
    }

    /// What the connection does next. After `pause` it is told when to read on.
    mutating func next(now: NIODeadline) -> Next {
        self.isPaused = self.ending == nil && self.buffered != nil
        if self.isPaused { return .pause }
        switch (self.ending, self.stage) {
        case (.some, _), (_, .over): return .over
        case (_, .awaitingHead): return .readOn(latest: min(self.limits.firstByte, self.limits.end))
        case (_, .streaming): return .readOn(latest: min(now + self.limits.gap, self.limits.end))
        case (_, .draining(let until, _)): return .readOn(latest: min(until, self.limits.end))
        }
    }

    /// Looks at the time.
    mutating func expire(now: NIODeadline) -> Expiry {
        let (deadline, failure): (NIODeadline, ExchangeFailure)
        switch self.stage {
        case .awaitingHead: (deadline, failure) = (self.limits.firstByte, .firstByteTimedOut)
        case .streaming: (deadline, failure) = (self.pieceDeadline ?? now + self.limits.gap, .stalled)
        case .draining(let until, _): (deadline, failure) = (until, .cancelled)
        case .over: return .again(at: .distantFuture)
        }
        guard now >= min(deadline, self.limits.end) else { return .again(at: min(deadline, self.limits.end)) }
        let ending = Ending.failed(self.limits.end <= deadline ? .tookTooLong : failure)
        return .failed(self.arrived(Arrival(ending: ending)))
    }

    // MARK: The reader's side

    /// Somebody waits for the head.
    ///
    /// - Returns: the failure when there will be none.
    mutating func awaitHead() -> ExchangeFailure? {
        if case .failed(let failure) = self.ending { return failure }
        self.isHeadAwaited = true
        return nil
    }

    /// Whether nothing is there to take, not even an end.
    var mustWait: Bool { self.buffered == nil && self.ending == nil }

    /// Somebody wants the next piece; after `wait` they are its only reader and get it by a delivery.
    mutating func take(now: NIODeadline) -> Take {
        if let piece = self.buffered {
            self.buffered = nil
            if self.ending != nil { self.stage = .over }
            defer { self.isPaused = false }
            return .piece(piece, resumes: self.isPaused && self.ending == nil)
        }
        switch self.ending {
        case .whole: return .end
        case .failed(let failure): return .failed(failure)
        case nil:
            self.pieceDeadline = now + self.limits.gap
            return .wait
        }
    }

    /// The caller wants no more: what is buffered is dropped and those who wait are told.
    mutating func cancel() -> Delivery {
        var delivery = Delivery()
        if self.isHeadAwaited { delivery.head = .failure(.cancelled) }
        if self.pieceDeadline != nil { delivery.piece = .failure(.cancelled) }
        self.isHeadAwaited = false
        self.pieceDeadline = nil
        self.buffered = nil
        self.ending = .failed(.cancelled)
        self.stage = .over
        return delivery
    }

    /// The reader has what it needs. The rest is passed over if it is small and comes soon.
    ///
    /// - Returns: whether the connection should read on.
    mutating func drain(now: NIODeadline) -> Bool {
        guard case .streaming = self.stage, self.ending == nil else { return false }
        let left = Self.drainSize - (self.buffered?.readableBytes ?? 0)
        self.buffered = nil
        self.stage = .draining(until: now + self.limits.drain, left: left)
        return true
    }

    /// Whether nobody reads any more but the rest is still passed over.
    var isDraining: Bool {
        if case .draining = self.stage { return self.ending == nil }
        return false
    }
}
