import CherryCore

/// One call on a stack.
public struct SentryFrame: Sendable, Hashable {
    public var function: SymbolName?
    /// The program or library that it is in.
    public var module: SymbolName?
    public var file: SourceFile?
    /// Counted from 1.
    public var line: Int?
    /// Counted from 1.
    public var column: Int?
    /// Whether it is ours rather than the language's or a library's.
    public var isOurs: Bool

    public init(
        function: SymbolName?,
        module: SymbolName? = nil,
        file: SourceFile? = nil,
        line: Int? = nil,
        column: Int? = nil,
        isOurs: Bool
    ) {
        self.function = function
        self.module = module
        self.file = file
        self.line = line.flatMap { (1...10_000_000).contains($0) ? $0 : nil }
        self.column = column.flatMap { (1...100_000_000).contains($0) ? $0 : nil }
        self.isOurs = isOurs
    }

    var json: JSONValue {
        var json = JSONObject()
        if let function { json["function"] = .string(function.text) }
        if let module { json["package"] = .string(module.text) }
        if let file {
            json["filename"] = .string(file.text)
            // A server finds the file of a page by its address.
            if file.text.hasPrefix("/") { json["abs_path"] = .string("app://\(file.text)") }
        }
        if let line { json["lineno"] = .integer(Int64(line)) }
        if let column { json["colno"] = .integer(Int64(column)) }
        json["in_app"] = .bool(self.isOurs)
        return .object(json)
    }
}
