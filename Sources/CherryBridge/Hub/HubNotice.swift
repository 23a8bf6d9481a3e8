import CherryCore

/// What the hub says to a client. `docs/hub.md` has the table.
struct HubNotice: Sendable, Hashable {
    /// The JSON text.
    let bytes: [UInt8]

    private init(_ type: String, _ members: (key: String, value: JSONValue?)...) {
        var object: JSONObject = ["type": .string(type)]
        for (key, value) in members { object[key] = value }
        self.bytes = JSONValue.object(object).bytes
    }

    static func welcome(
        to name: String,
        answering id: String?,
        position: Int64,
        isResumed: Bool,
        limits: HubLimits
    ) -> Self {
        Self(
            "welcome",
            ("ref", id.map { .string($0) }),
            ("name", .string(name)),
            ("position", .integer(position)),
            ("resumed", .bool(isResumed)),
            (
                "limits",
                [
                    "messageBytes": .integer(Int64(limits.messageBytes)),
                    "queuedMessages": .integer(Int64(limits.queuedMessages)),
                    "queuedBytes": .integer(Int64(limits.queuedBytes)),
                    "topics": .integer(Int64(limits.topics)),
                    "openTasks": .integer(Int64(limits.openTasks)),
                    "absenceSeconds": .integer(limits.absence.components.seconds),
                    "acceptanceSeconds": .integer(limits.acceptance.components.seconds),
                ]
            )
        )
    }

    /// - Parameter isWhole: whether tools that are not listed are not here.
    static func presence(_ tools: [HubPresence], isWhole: Bool) -> Self {
        Self("presence", ("whole", .bool(isWhole)), ("tools", .array(tools.map(\.json))))
    }

    static func event(_ change: HubChange, on topic: HubTopic) -> Self {
        Self(
            "event",
            ("topic", .string(topic.text)),
            ("position", .integer(change.position)),
            ("collection", .string(change.collection.rawValue)),
            ("id", .string(change.id.description)),
            ("within", change.scope.map { .string($0.description) }),
            ("version", .integer(change.version)),
            ("deleted", change.isDeleted ? true : nil),
            ("value", change.value)
        )
    }

    static func message(_ reference: String, from: String, on topic: HubTopic?, _ payload: JSONValue) -> Self {
        Self(
            "message",
            ("id", .string(reference)),
            ("from", .string(from)),
            ("topic", topic.map { .string($0.text) }),
            ("payload", payload)
        )
    }

    static func offer(of task: HubTask, now: Duration) -> Self {
        Self(
            "task.offer",
            ("task", .string(task.id)),
            ("from", .string(task.requester)),
            ("deadline", .integer(max(0, Int64((task.deadline - now) / .milliseconds(1))))),
            ("accepted", task.isAccepted ? true : nil),
            ("payload", task.payload)
        )
    }

    static func accepted(_ task: String, by worker: String) -> Self {
        Self("task.accept", ("task", .string(task)), ("by", .string(worker)))
    }

    static func progress(_ task: String, by worker: String, _ payload: JSONValue) -> Self {
        Self("task.progress", ("task", .string(task)), ("by", .string(worker)), ("payload", payload))
    }

    static func done(_ task: String, by worker: String, _ payload: JSONValue) -> Self {
        Self("task.done", ("task", .string(task)), ("by", .string(worker)), ("payload", payload))
    }

    /// - Parameter worker: `nil` when the hub itself says so.
    static func failed(_ task: String, by worker: String?, _ code: HubProblem.Code, _ message: String?) -> Self {
        Self(
            "task.fail",
            ("task", .string(task)),
            ("by", worker.map { .string($0) }),
            ("code", .string(code.rawValue)),
            ("message", message.map { .string($0) })
        )
    }

    /// Says that a message was done.
    ///
    /// - Parameter details: what there is to tell of it.
    static func ack(_ id: String, _ details: JSONObject = [:]) -> Self {
        var object: JSONObject = ["type": "ack", "ref": .string(id)]
        for (key, value) in details { object[key] = value }
        return Self(object: object)
    }

    /// Passes on that the receiver of a message has it.
    static func receipt(_ id: String, by receiver: String) -> Self {
        Self("ack", ("ref", .string(id)), ("by", .string(receiver)))
    }

    static func error(_ problem: HubProblem, answering id: String?) -> Self {
        Self(
            "error",
            ("ref", id.map { .string($0) }),
            ("code", .string(problem.code.rawValue)),
            ("message", .string(problem.message))
        )
    }

    static func pong(_ id: String?, position: Int64) -> Self {
        Self("pong", ("ref", id.map { .string($0) }), ("position", .integer(position)))
    }

    /// Says that what was asked for is not to be had any more: start over, and go on from `position`.
    static func gap(position: Int64) -> Self { Self("gap", ("position", .integer(position))) }

    /// Says that messages on a topic came faster than they were taken, and some are lost.
    static func gap(on topic: HubTopic) -> Self { Self("gap", ("topic", .string(topic.text))) }

    private init(object: JSONObject) { self.bytes = JSONValue.object(object).bytes }
}
