/// A revision of the Model Context Protocol that this program speaks.
///
/// Source: the specification's JSON Schemas of each revision. None of the three has batches.
public enum MCPVersion: String, Sendable, Hashable, CaseIterable {
    case june2025 = "2025-06-18"
    case november2025 = "2025-11-25"
    /// No handshake and no session: each request says what it speaks.
    case july2026 = "2026-07-28"

    /// The revisions that begin with `initialize`, newest first.
    public static let withHandshake: [MCPVersion] = [.november2025, .june2025]
    /// All revisions, newest first, as they are told to a peer.
    public static let newestFirst: [MCPVersion] = [.july2026, .november2025, .june2025]

    /// Whether each request stands alone and carries its revision in `_meta`.
    public var isStateless: Bool { self == .july2026 }
    /// Whether a result says its type, who made it and how long it may be kept.
    var hasResultTypes: Bool { self == .july2026 }
    /// Whether an answer to what could not be read may lack an id.
    var allowsErrorsWithoutID: Bool { self != .june2025 }
    /// Whether a broken stream of events can be taken up again.
    public var hasResumption: Bool { !self.isStateless }
}
