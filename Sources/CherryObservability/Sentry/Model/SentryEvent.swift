public import CherryCore

/// An error report as it is sent: every field is of a type that cannot hold what a person wrote.
///
/// The names of the JSON are those of the developer documentation, "Event Payloads".
public struct SentryEvent: Sendable, Hashable {
    public enum Platform: String, Sendable, Hashable {
        /// The server. Servers would try to symbolise frames of `native` once more.
        case other
        case javascript
    }

    public enum Level: String, Sendable, Hashable { case warning, error, fatal }

    /// How an error came to be noticed.
    public enum Mechanism: String, Sendable, Hashable {
        case request, work, crash
        case onerror
        case onunhandledrejection
        case boundary
    }

    public var id: HexID
    public var at: Timestamp
    public var platform: Platform
    public var level: Level
    public var type: SymbolName
    public var code: FailureCode
    public var mechanism: Mechanism
    /// The oldest call first.
    public var frames: [SentryFrame]
    public var route: RouteName?
    public var status: Int?
    public var work: BackgroundWork?
    public var browser: BrowserFamily?
    public var identity: ServiceIdentity
    /// The release that failed, when it is another than the one that tells of it.
    public var release: String?
    public var breadcrumbs: [SentryBreadcrumb]
    public var trace: (traceID: HexID, spanID: HexID)? {
        get { self.traceIDs.map { ($0.traceID, $0.spanID) } }
        set { self.traceIDs = newValue.map { TraceIDs(traceID: $0.traceID, spanID: $0.spanID) } }
    }

    private struct TraceIDs: Hashable {
        let traceID: HexID
        let spanID: HexID
    }
    private var traceIDs: TraceIDs?

    /// Frames beyond these are left out, the middle ones first.
    static let frameLimit = 100
    static let breadcrumbLimit = 50

    public init(
        id: HexID,
        at: Timestamp,
        platform: Platform,
        level: Level,
        type: SymbolName,
        code: FailureCode,
        mechanism: Mechanism,
        identity: ServiceIdentity
    ) {
        self.id = id
        self.at = at
        self.platform = platform
        self.level = level
        self.type = type
        self.code = code
        self.mechanism = mechanism
        self.frames = []
        self.identity = identity
        self.breadcrumbs = []
    }

    /// The payload of an item `event`.
    var json: JSONValue {
        var json: JSONObject = [
            "event_id": .string(self.id.text), "timestamp": SentryTime.seconds(self.at),
            "platform": .string(self.platform.rawValue), "level": .string(self.level.rawValue),
            "release": .string(self.release ?? self.identity.release),
            "environment": .string(self.identity.environment),
        ]
        // A page has no name of its own, and the server's would be wrong for it.
        if self.platform == .other { json["server_name"] = .string(self.identity.instance) }
        if let route { json["transaction"] = .string(route.text) }
        json["exception"] = ["values": [self.exception]]
        if !self.breadcrumbs.isEmpty {
            json["breadcrumbs"] = ["values": .array(self.breadcrumbs.suffix(Self.breadcrumbLimit).map(\.json))]
        }
        json["tags"] = .object(self.tags)
        if let contexts = self.contexts { json["contexts"] = contexts }
        json["fingerprint"] = .array(self.fingerprint.map { .string($0) })
        if let images = self.debugImages { json["debug_meta"] = ["images": images] }
        return .object(json)
    }

    /// The item to keep.
    var envelope: SentryEnvelope { SentryEnvelope(.event, self.json, eventID: self.id) }

    private var exception: JSONValue {
        var exception: JSONObject = [
            "type": .string(self.type.text), "value": .string(self.code.sentence),
            "mechanism": ["type": .string(self.mechanism.rawValue), "handled": .bool(self.isHandled)],
        ]
        let frames = self.shortened
        if !frames.isEmpty { exception["stacktrace"] = ["frames": .array(frames.map(\.json))] }
        return .object(exception)
    }

    private var isHandled: Bool { self.mechanism == .request || self.mechanism == .work }

    private var shortened: [SentryFrame] {
        guard self.frames.count > Self.frameLimit else { return self.frames }
        return self.frames.prefix(Self.frameLimit / 2) + self.frames.suffix(Self.frameLimit / 2)
    }

    private var tags: JSONObject {
        var tags: JSONObject = ["role": .string(self.identity.role), "code": .string(self.code.name)]
        if let status { tags["http.status"] = .string(String(status)) }
        if let work { tags["work"] = .string(work.rawValue) }
        return tags
    }

    private var contexts: JSONValue? {
        var contexts = JSONObject()
        if let trace {
            contexts["trace"] = ["trace_id": .string(trace.traceID.text), "span_id": .string(trace.spanID.text)]
        }
        if let browser { contexts["browser"] = browser.json }
        return contexts.isEmpty ? nil : .object(contexts)
    }

    /// Errors of one type and code at one place are one issue, whatever the stack: frames of asynchronous calls differ
    /// from run to run. In a page, and after a crash, the stack decides.
    private var fingerprint: [String] {
        guard self.mechanism == .request || self.mechanism == .work else { return ["{{ default }}"] }
        return [self.type.text, self.code.name, self.route?.text ?? self.work?.rawValue ?? "-"]
    }

    /// The source maps of the files that are on the stack, by the ids that `cherry ops sentry-release` uploads them under.
    private var debugImages: JSONValue? {
        guard self.platform == .javascript else { return nil }
        // The name of a service worker stays, so it says nothing of what is in it.
        let files = Set(self.frames.compactMap(\.file)).filter { $0.text.hasPrefix("/assets/") }.sorted {
            $0.text < $1.text
        }
        guard !files.isEmpty else { return nil }
        return .array(
            files.map {
                [
                    "type": "sourcemap", "code_file": .string("app://\($0.text)"),
                    "debug_id": .string(DebugID(bundle: $0.text).text),
                ]
            }
        )
    }
}
