public import CherryCore

/// One run of the program, or one visit of the web app, for release health.
///
/// Follows the developer documentation, "Sessions": the first update says `init`, attributes never change, an end is
/// final, and a crash counts as an error besides.
public struct SentrySession: Sendable, Hashable {
    public enum Status: String, Sendable, Hashable, CaseIterable { case ok, exited, crashed, abnormal }

    /// 32 hexadecimal digits.
    public let id: HexID
    public let started: Timestamp
    public let release: String
    public let environment: String
    public private(set) var errors: Int
    public private(set) var status: Status
    private var wasSent: Bool
    private var sequence: Int

    /// Begins a session.
    public init(id: HexID, started: Timestamp, release: String, environment: String) {
        self.id = id
        self.started = started
        self.release = release
        self.environment = environment
        self.errors = 0
        self.status = .ok
        self.wasSent = false
        self.sequence = 0
    }

    /// A session that an earlier run began.
    init(resuming marker: RunMarker) {
        self.init(
            id: marker.sessionID,
            started: marker.started,
            release: marker.release,
            environment: marker.environment
        )
        self.errors = marker.errors
        self.wasSent = marker.isBegun
        // Of two updates in one millisecond the one with the higher number holds.
        self.sequence = marker.isBegun ? marker.errors + 1 : 0
    }

    /// The update to send at the beginning; `nil` the second time.
    public mutating func begin(at time: Timestamp) -> JSONValue? {
        guard !self.wasSent, self.status == .ok else { return nil }
        return self.update(at: time)
    }

    /// Counts an error.
    ///
    /// - Returns: the update to send, with the first error alone: one is enough to make a session an errored one, and the
    ///   end tells the number. `nil` for later ones, and after the end.
    public mutating func noteError(at time: Timestamp) -> JSONValue? {
        guard self.status == .ok else { return nil }
        self.errors += 1
        return self.errors == 1 ? self.update(at: time) : nil
    }

    /// Ends the session.
    ///
    /// - Returns: the update to send; `nil` when it has ended before.
    public mutating func end(_ status: Status, at time: Timestamp) -> JSONValue? {
        guard self.status == .ok, status != .ok else { return nil }
        self.status = status
        if status == .crashed || status == .abnormal { self.errors += status == .crashed ? 1 : 0 }
        if self.errors == 0, status != .exited { self.errors = 1 }
        return self.update(at: time)
    }

    private mutating func update(at time: Timestamp) -> JSONValue {
        var json: JSONObject = [
            "sid": .string(self.id.uuid), "init": .bool(!self.wasSent), "seq": .integer(Int64(self.sequence)),
            "started": .string(SentryTime.text(self.started)), "timestamp": .string(SentryTime.text(time)),
            "status": .string(self.status.rawValue), "errors": .integer(Int64(self.errors)),
            "duration": .number(Double(max(0, time.milliseconds - self.started.milliseconds)) / 1000),
        ]
        json["attrs"] = ["release": .string(self.release), "environment": .string(self.environment)]
        self.wasSent = true
        self.sequence += 1
        return .object(json)
    }
}
