import CherryCore

/// Where telemetry goes, and under which names. Nothing goes anywhere until the user sets a target.
public struct TelemetrySettings: Sendable, Hashable {
    private static let version = 1

    /// What the user calls this installation.
    public var environment: String
    /// Tells this installation from others: random, and never the machine's name.
    public let instance: String
    public private(set) var targets: [TelemetryKind: TelemetryTarget]

    /// Settings without any target.
    public init(instance: String) {
        self.environment = "production"
        self.instance = instance
        self.targets = [:]
    }

    /// Sets a target, or takes it away.
    public mutating func set(_ target: TelemetryTarget?, for kind: TelemetryKind) { self.targets[kind] = target }

    /// The part of traces that is kept: the largest that a target gets; `nil` where they go nowhere.
    public var traceShare: Double? { TelemetryKind.allCases.compactMap(self.traceShare(of:)).max() }

    /// The part of traces that a target gets; `nil` for one that gets none.
    public func traceShare(of kind: TelemetryKind) -> Double? {
        guard let target = self.targets[kind] else { return nil }
        switch kind {
        case .otlp: return target["share"].flatMap(Double.init) ?? 1
        case .sentry: return target["traces"].flatMap(Double.init).flatMap { $0 > 0 ? $0 : nil }
        case .loki, .elasticsearch, .fluent: return nil
        }
    }

    /// Whether pages report their errors.
    public var reportsPages: Bool { self.targets[.sentry].map { $0["pages"] != "no" } ?? false }

    /// For what is sealed, and for nothing else: it holds every secret.
    public var bytes: [UInt8] {
        let targets = self.targets.sorted { $0.key.rawValue < $1.key.rawValue }
        let json: JSONValue = [
            "version": .integer(Int64(Self.version)), "environment": .string(self.environment),
            "instance": .string(self.instance),
            "targets": .object(JSONObject(targets.map { ($0.key.rawValue, $0.value.json) })),
        ]
        return json.bytes
    }

    /// Reads what `bytes` wrote.
    ///
    /// - Throws: `TelemetryError`: `.unreadable`, or `.invalidTarget` for a value that is no longer taken.
    public init(bytes: [UInt8]) throws(TelemetryError) {
        guard let json = try? JSONValue(parsing: bytes),  // whatever it is, it is not ours
            json["version"]?.integer == Self.version, let environment = json["environment"]?.string,
            let instance = json["instance"]?.string, let members = json["targets"]?.object
        else {
            throw TelemetryError(
                .unreadable,
                "The settings of telemetry cannot be read.",
                hint: "They may be of a newer version. Move telemetry.sealed away to begin anew."
            )
        }
        var targets: [TelemetryKind: TelemetryTarget] = [:]
        for (name, value) in members {
            // A kind that only a newer version knows is left alone until that runs again.
            guard let kind = TelemetryKind(rawValue: name) else { continue }
            targets[kind] = try TelemetryTarget(kind, value.object?.texts ?? [:])
        }
        self.environment = environment
        self.instance = instance
        self.targets = targets
    }

    /// Whether a name can be that of an installation: it becomes a label everywhere.
    public static func isEnvironment(_ name: String) -> Bool {
        (1...32).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "-")
            }
    }
}

extension JSONObject {
    /// The members that are texts.
    fileprivate var texts: [String: String] {
        Dictionary(self.compactMap { member in member.value.string.map { (member.key, $0) } }) { first, _ in first }
    }
}
