public import CherryCore
import Foundation

/// The HTTP headers in which the protocol repeats what the body says.
public enum MCPHeaders {
    public static let protocolVersion = "MCP-Protocol-Version"
    public static let sessionID = "Mcp-Session-Id"
    public static let method = "Mcp-Method"
    public static let name = "Mcp-Name"
    static let parameterPrefix = "Mcp-Param-"

    /// The parameter that `Mcp-Name` repeats for a method; `nil` when it repeats none.
    public static func nameParameter(of method: String) -> String? {
        switch method {
        case "tools/call", "prompts/get": "name"
        case "resources/read": "uri"
        default: nil
        }
    }

    /// A text as a header's value: as it is where that is safe, else in base64 between marks.
    public static func encode(_ text: String) -> String {
        let isSafe =
            text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
            && text.first != " " && text.last != " "
            && !(text.hasPrefix(Self.start) && text.hasSuffix(Self.end))
        return isSafe ? text : Self.start + Data(text.utf8).base64EncodedString() + Self.end
    }

    /// The text that a header's value means; `nil` when it is marked as base64 and is none.
    public static func decode(_ value: String) -> String? {
        guard value.count >= Self.start.count + Self.end.count, value.hasPrefix(Self.start), value.hasSuffix(Self.end)
        else { return value }
        let base64 = String(value.dropFirst(Self.start.count).dropLast(Self.end.count))
        // Foundation takes what is not in the shortest form; a second spelling of the same name must not pass.
        guard let data = Data(base64Encoded: base64), data.base64EncodedString() == base64 else { return nil }
        return String(validating: data, as: UTF8.self)
    }

    private static let start = "=?base64?"
    private static let end = "?="

    /// What is wrong with the headers of a request that stands alone; `nil` when they say what the body says.
    ///
    /// - Parameter header: the value of a header, if there is exactly one.
    public static func mismatch(
        method: String,
        params: JSONObject,
        header: (String) -> String?
    ) -> MCPFailure? {
        let version = params["_meta"]?[MCPMeta.protocolVersion]?.string
        guard let declared = header(Self.protocolVersion) else {
            return .headerMismatch("The header \(Self.protocolVersion) is missing.")
        }
        guard declared == version else {
            return .headerMismatch("The header \(Self.protocolVersion) and the body name different revisions.")
        }
        guard header(Self.method) == method else {
            return .headerMismatch("The header \(Self.method) is missing or names another method than the body.")
        }
        guard let key = Self.nameParameter(of: method), let name = params[key]?.string else { return nil }
        guard header(Self.name).flatMap(Self.decode) == name else {
            return .headerMismatch("The header \(Self.name) is missing or names something else than the body.")
        }
        return nil
    }
}
