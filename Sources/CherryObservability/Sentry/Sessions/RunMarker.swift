public import CherryCore

/// What a run leaves behind until it ends well, so that the next one can tell that it did not.
///
/// Holds a random id, times, and names that the user chose for the installation; nothing of what they wrote.
public struct RunMarker: Sendable, Hashable {
    public var sessionID: HexID
    public var started: Timestamp
    public var release: String
    public var environment: String
    public var errors: Int
    /// Whether the journal has taken the session's beginning; until then nobody can have been told of it.
    public var isBegun: Bool

    public init(
        sessionID: HexID,
        started: Timestamp,
        release: String,
        environment: String,
        errors: Int = 0,
        isBegun: Bool = true
    ) {
        self.sessionID = sessionID
        self.started = started
        self.release = release
        self.environment = environment
        self.errors = errors
        self.isBegun = isBegun
    }

    /// The bytes to keep.
    public var bytes: [UInt8] {
        let json: JSONValue = [
            "session": .string(self.sessionID.text), "started": .integer(self.started.milliseconds),
            "release": .string(self.release), "environment": .string(self.environment),
            "errors": .integer(Int64(self.errors)), "begun": .bool(self.isBegun),
        ]
        return json.bytes
    }

    /// Reads what was kept; `nil` for anything else, also for a part of it.
    public init?(bytes: [UInt8]) {
        guard bytes.count <= 4096, let json = try? JSONValue(parsing: bytes),  // damaged: as if there were none
            let session = json["session"]?.string.flatMap({ HexID($0) }), session.text.utf8.count == 32,
            let started = json["started"]?.integer, let release = json["release"]?.string,
            let environment = json["environment"]?.string, let errors = json["errors"]?.integer,
            (0...1_000_000_000).contains(errors), SentryText.isName(release), SentryText.isName(environment)
        else { return nil }
        self.init(
            sessionID: session,
            started: Timestamp(milliseconds: Int64(started)),
            release: release,
            environment: environment,
            errors: errors,
            isBegun: json["begun"]?.bool ?? true
        )
    }
}

/// Rules for the few words that a user chooses and that are sent: the names of releases and environments.
enum SentryText {
    static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte | 0x20) || "@.+-_".utf8.contains(byte)
            }
    }
}
