import CherryCore

/// Which browser, as one of a few, and its main version.
public struct BrowserFamily: Sendable, Hashable {
    public enum Name: String, Sendable, Hashable, CaseIterable {
        case chromium = "Chromium"
        case firefox = "Firefox"
        case safari = "Safari"
        case other = "Other"
    }

    public var name: Name
    public var version: Int?

    public init(name: Name, version: Int?) {
        self.name = name
        self.version = version.flatMap { (1...9999).contains($0) ? $0 : nil }
    }

    var json: JSONValue {
        var json: JSONObject = ["name": .string(self.name.rawValue)]
        if let version { json["version"] = .string(String(version)) }
        return .object(json)
    }
}
