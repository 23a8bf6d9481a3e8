import CherryCore

/// What a client can say. `docs/hub.md` has the table.
enum HubRequest: Sendable, Hashable {
    /// How a tool presents itself.
    struct Hello: Sendable, Hashable {
        var name: String
        var kind: String
        var capabilities: [String]
        var status: String?
        var topics: [HubTopic]
        var wantsContent: Bool
        /// The position in the change feed after which events are wanted; `nil` from now on.
        var position: Int64?
    }

    /// What a tool changes of its presentation; `nil` stays as it was.
    struct Announcement: Sendable, Hashable {
        var kind: String?
        var capabilities: [String]?
        var status: String?
    }

    /// Where a message goes.
    enum Address: Sendable, Hashable {
        case tool(String)
        case topic(HubTopic)
    }

    /// Who a task is offered to.
    enum Candidate: Sendable, Hashable {
        case tool(String)
        case capability(String)
    }

    /// A task to be done by somebody else.
    struct Offer: Sendable, Hashable {
        var candidate: Candidate
        var payload: JSONValue
        /// How long it may take from now.
        var time: Duration?
    }

    case hello(Hello)
    case announce(Announcement)
    case subscribe([HubTopic], wantsContent: Bool)
    case unsubscribe([HubTopic])
    case send(to: Address, payload: JSONValue)
    case offer(Offer)
    case accept(task: String)
    case progress(task: String, payload: JSONValue)
    case done(task: String, payload: JSONValue)
    case fail(task: String, message: String?)
    case ack(reference: String)
    case ping
}
