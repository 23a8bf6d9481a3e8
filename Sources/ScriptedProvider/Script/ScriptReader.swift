import CherryCore

/// Why a text is no script.
struct ScriptError: Error, Sendable, Hashable {
    let message: String
}

/// Reads a script from JSON. What it does not know is refused by name, so that a misspelt script does not pass a test.
struct ScriptReader {
    private var members: JSONObject
    private let path: String

    private init(_ value: JSONValue, path: String) throws(ScriptError) {
        guard let members = value.object else { throw ScriptError(message: "\(path) must be an object.") }
        self.members = members
        self.path = path
    }

    static func script(from value: JSONValue, path: String = "script") throws(ScriptError) -> Script {
        var reader = try Self(value, path: path)
        let script = try reader.script()
        try reader.end()
        return script
    }

    private mutating func script() throws(ScriptError) -> Script {
        var script = Script()
        script.id = try self.string("id") ?? script.id
        if let pieces = try self.pieces("reasoning") { script.reasoning = pieces }
        script.signature = try self.string("signature")
        let text = try self.pieces("text")
        if let calls = self.take("calls") { script.calls = try self.calls(calls) }
        script.text = text ?? (script.calls.isEmpty ? script.text : [])
        script.order = try self.list("order").map { value throws(ScriptError) in
            guard let index = value.integer, script.calls.indices.contains(index) else { throw self.bad("order") }
            return index
        }
        if let usage = self.take("usage") { script.usage = try Self.usage(usage, path: "\(self.path).usage") }
        script.usageAt = try self.choice("usageAt") ?? script.usageAt
        if let finish = self.take("finish") { script.finish = try self.finish(finish) }
        script.model = try self.string("model")
        script.ending = try self.choice("end") ?? script.ending
        script.duplicate = try self.choice("duplicate") ?? script.duplicate
        script.habits = try self.habits()
        script.faults = try self.list("faults").enumerated().map { entry throws(ScriptError) in
            try Self.fault(entry.element, path: "\(self.path).faults[\(entry.offset)]")
        }
        if let then = self.take("then") {
            var next = try Self.script(from: then, path: "\(self.path).then")
            next.id = script.id
            script.then = [next]
        }
        return script
    }

    private mutating func habits() throws(ScriptError) -> WireHabits {
        var habits = WireHabits()
        habits.write = try self.count("write")
        if habits.write == 0 { throw self.bad("write") }
        habits.pause = try self.count("pause") ?? 0
        habits.lineEnds = try self.choice("lineEnds") ?? habits.lineEnds
        habits.comments = try self.bool("comments")
        habits.gzip = try self.bool("gzip")
        habits.contentType = try self.string("contentType")
        habits.atOnce = try self.bool("atOnce")
        return habits
    }

    /// A text, or texts in an array, or `{"piece": …, "length": bytes, "times": count}` among them.
    private mutating func pieces(_ key: String) throws(ScriptError) -> [String]? {
        guard let value = self.take(key) else { return nil }
        var pieces: [String] = []
        for element in value.array ?? [value] {
            if let text = element.string {
                pieces.append(text)
                continue
            }
            guard let text = element["piece"]?.string, !text.isEmpty else { throw self.bad(key) }
            let length = element["length"]?.integer ?? text.utf8.count
            let times = element["times"]?.integer ?? 1
            guard (1...64 << 20).contains(length), (1...1_000_000).contains(times) else { throw self.bad(key) }
            let whole = length == text.utf8.count ? text : Self.filled(text, length: length)
            pieces += Array(repeating: whole, count: times)
        }
        return pieces
    }

    /// `text` again and again, up to at most `length` bytes and whole characters.
    private static func filled(_ text: String, length: Int) -> String {
        String(repeating: text, count: max(1, length / text.utf8.count))
    }

    private func calls(_ value: JSONValue) throws(ScriptError) -> [Script.Call] {
        guard let list = value.array else { throw self.bad("calls") }
        return try list.enumerated().map { entry throws(ScriptError) in
            var reader = try Self(entry.element, path: "\(self.path).calls[\(entry.offset)]")
            let id = try reader.string("id") ?? "call_\(entry.offset)"
            guard let name = try reader.string("name") else { throw reader.bad("name") }
            let given = reader.take("arguments") ?? [:]
            try reader.end()
            let arguments = given.object == nil ? (given.array ?? [given]).compactMap(\.string) : [given.text]
            return Script.Call(id: id, name: name, arguments: arguments.isEmpty ? [""] : arguments)
        }
    }

    private static func usage(_ value: JSONValue, path: String) throws(ScriptError) -> Script.Usage {
        var reader = try Self(value, path: path)
        var usage = Script.Usage()
        usage.prompt = try reader.count("prompt") ?? usage.prompt
        usage.completion = try reader.count("completion") ?? usage.completion
        usage.cached = try reader.count("cached") ?? 0
        usage.cacheWrite = try reader.count("cacheWrite") ?? 0
        usage.reasoning = try reader.count("reasoning") ?? 0
        try reader.end()
        guard usage.cached + usage.cacheWrite <= usage.prompt, usage.reasoning <= usage.completion else {
            throw ScriptError(message: "\(path): caches are part of the prompt, reasoning of the completion.")
        }
        return usage
    }

    private func finish(_ value: JSONValue) throws(ScriptError) -> Script.Finish {
        if let text = value["stopText"]?.string { return .stopText(text) }
        switch value.string {
        case "stop": return .stop
        case "length": return .length
        case "toolCalls": return .toolCalls
        case "filtered": return .filtered
        default: throw self.bad("finish")
        }
    }

    private static func fault(_ value: JSONValue, path: String) throws(ScriptError) -> Fault {
        var reader = try Self(value, path: path)
        let fault = try reader.fault()
        try reader.end()
        return fault
    }

    private mutating func fault() throws(ScriptError) -> Fault {
        let action: Fault.Action
        switch try self.string("do") {
        case "none": action = .none
        case "status":
            guard let status = try self.count("status"), (400...599).contains(status) else { throw self.bad("status") }
            action = .status(status, retryAfter: try self.string("retryAfter"), body: try self.string("body"))
        case "hang": action = .hang
        case "wait":
            guard let milliseconds = try self.count("milliseconds") else { throw self.bad("milliseconds") }
            action = .wait(milliseconds)
        case "reset": action = .reset
        case "close": action = .close
        case "error": action = .error
        case "garbage": action = .garbage
        default: throw self.bad("do")
        }
        var place = Fault.Place.request
        if let value = self.take("at") {
            switch (value.string, value.integer) {
            case ("request", _): place = .request
            case ("head", _): place = .head
            case (_, let pieces?) where pieces >= 0: place = .pieces(pieces)
            default: throw self.bad("at")
            }
        }
        return Fault(action: action, place: place, times: try self.count("times"))
    }

    // MARK: Members

    private mutating func take(_ key: String) -> JSONValue? {
        let value = self.members.removeValue(forKey: key)
        return value == .null ? nil : value
    }

    private func bad(_ key: String) -> ScriptError {
        ScriptError(message: "\(self.path).\(key) is not what it must be.")
    }

    private func end() throws(ScriptError) {
        guard let key = self.members.keys.first else { return }
        throw ScriptError(message: "\(self.path) has a member '\(key)', which means nothing.")
    }

    private mutating func string(_ key: String) throws(ScriptError) -> String? {
        guard let value = self.take(key) else { return nil }
        guard let string = value.string else { throw self.bad(key) }
        return string
    }

    private mutating func count(_ key: String) throws(ScriptError) -> Int? {
        guard let value = self.take(key) else { return nil }
        guard let count = value.integer, count >= 0 else { throw self.bad(key) }
        return count
    }

    private mutating func bool(_ key: String) throws(ScriptError) -> Bool {
        guard let value = self.take(key) else { return false }
        guard let bool = value.bool else { throw self.bad(key) }
        return bool
    }

    private mutating func list(_ key: String) throws(ScriptError) -> [JSONValue] {
        guard let value = self.take(key) else { return [] }
        guard let list = value.array else { throw self.bad(key) }
        return list
    }

    private mutating func choice<Choice: RawRepresentable<String>>(_ key: String) throws(ScriptError) -> Choice? {
        guard let name = try self.string(key) else { return nil }
        guard let choice = Choice(rawValue: name) else { throw self.bad(key) }
        return choice
    }
}
