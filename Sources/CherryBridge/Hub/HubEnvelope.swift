import CherryCore

/// One message of a client: what it says and the id that it gave it.
struct HubEnvelope: Sendable, Hashable {
    var id: String?
    var request: HubRequest

    /// Longest text of a status or a reason, in bytes.
    static let maximumText = 400
    /// The largest position: what a double holds exactly, so that JavaScript can carry it.
    static let maximumPosition = 9_007_199_254_740_991

    /// The id of a message that was perhaps not understood otherwise, to name it in the answer.
    static func id(of message: JSONValue) -> String? {
        message["id"]?.string.flatMap { HubName.isID($0) ? $0 : nil }
    }

    /// Reads a message.
    ///
    /// - Throws: `HubProblem` with code `malformed`, `unknownType` or `tooMany`.
    init(_ message: JSONValue, limits: HubLimits) throws(HubProblem) {
        guard let object = message.object else { throw .malformed("A message must be one JSON object.") }
        var fields = HubFields(object)
        let type = try fields.text("type") { _ in true }
        self.id = try fields.optionalText("id", HubName.isID)
        self.request = try Self.request(type, &fields, limits)
        try fields.finish()
        if self.id == nil, self.request.needsID { throw .malformed("The field `id` is missing.") }
    }

    private static func request(
        _ type: String,
        _ fields: inout HubFields,
        _ limits: HubLimits
    ) throws(HubProblem) -> HubRequest {
        switch type {
        case "hello": return try self.hello(&fields, limits)
        case "announce": return try self.announcement(&fields, limits)
        case "subscribe":
            guard let topics = try fields.topics("topics") else { throw HubFields.wrong("topics") }
            return .subscribe(topics, wantsContent: try fields.flag("content"))
        case "unsubscribe":
            guard let topics = try fields.topics("topics") else { throw HubFields.wrong("topics") }
            return .unsubscribe(topics)
        case "send": return try self.message(&fields)
        case "task.offer": return try self.offer(&fields, limits)
        case "task.accept": return .accept(task: try self.task(&fields))
        case "task.progress": return .progress(task: try self.task(&fields), payload: try fields.any("payload"))
        case "task.done": return .done(task: try self.task(&fields), payload: try fields.any("payload"))
        case "task.fail":
            return .fail(task: try self.task(&fields), message: try fields.optionalText("message", self.isShort))
        case "ack": return .ack(reference: try fields.text("ref") { HubName.parts(of: $0) != nil })
        case "ping": return .ping
        default: throw HubProblem(.unknownType, "There is no message of that type.")
        }
    }

    private static func hello(_ fields: inout HubFields, _ limits: HubLimits) throws(HubProblem) -> HubRequest {
        .hello(
            HubRequest.Hello(
                name: try fields.text("name") { HubName.isValid($0) },
                kind: try fields.optionalText("kind") { HubName.isValid($0) } ?? "tool",
                capabilities: try self.capabilities(&fields, limits) ?? [],
                status: try fields.optionalText("status", self.isShort),
                topics: try fields.topics("topics") ?? [],
                wantsContent: try fields.flag("content"),
                position: try fields.integer("position", in: 0...self.maximumPosition).map(Int64.init)
            )
        )
    }

    private static func announcement(_ fields: inout HubFields, _ limits: HubLimits) throws(HubProblem) -> HubRequest {
        .announce(
            HubRequest.Announcement(
                kind: try fields.optionalText("kind") { HubName.isValid($0) },
                capabilities: try self.capabilities(&fields, limits),
                status: try fields.optionalText("status", self.isShort)
            )
        )
    }

    private static func capabilities(
        _ fields: inout HubFields,
        _ limits: HubLimits
    ) throws(HubProblem) -> [String]? {
        guard let capabilities = try fields.texts("capabilities", HubName.isCapability) else { return nil }
        guard capabilities.count <= limits.capabilities else {
            throw HubProblem(.tooMany, "A tool may name at most \(limits.capabilities) capabilities.")
        }
        return capabilities
    }

    private static func message(_ fields: inout HubFields) throws(HubProblem) -> HubRequest {
        let payload = try fields.any("payload")
        let tool = try fields.optionalText("tool") { HubName.isValid($0) }
        let topic = try fields.optionalText("topic") { HubTopic($0) != nil }.flatMap { HubTopic($0) }
        switch (tool, topic) {
        case (let tool?, nil): return .send(to: .tool(tool), payload: payload)
        case (nil, let topic?): return .send(to: .topic(topic), payload: payload)
        default: throw .malformed("A message goes to either a `tool` or a `topic`.")
        }
    }

    private static func offer(_ fields: inout HubFields, _ limits: HubLimits) throws(HubProblem) -> HubRequest {
        let payload = try fields.any("payload")
        let longest = Int(limits.longestTask.components.seconds) * 1000
        let time = try fields.integer("deadline", in: 1...longest).map { Duration.milliseconds($0) }
        let tool = try fields.optionalText("tool") { HubName.isValid($0) }
        let capability = try fields.optionalText("capability", HubName.isCapability)
        switch (tool, capability) {
        case (let tool?, nil):
            return .offer(HubRequest.Offer(candidate: .tool(tool), payload: payload, time: time))
        case (nil, let capability?):
            return .offer(HubRequest.Offer(candidate: .capability(capability), payload: payload, time: time))
        default: throw .malformed("A task is offered either to a `tool` or to a `capability`.")
        }
    }

    private static func task(_ fields: inout HubFields) throws(HubProblem) -> String {
        try fields.text("task") { HubName.parts(of: $0) != nil }
    }

    private static func isShort(_ text: String) -> Bool { text.utf8.count <= self.maximumText }
}

extension HubRequest {
    /// Whether it must be told apart from its own repeats.
    fileprivate var needsID: Bool {
        switch self {
        case .send, .offer: true
        default: false
        }
    }
}
