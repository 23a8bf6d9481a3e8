import CherryCore

extension HubStateMachine {
    /// Takes in a broadcast that another process of this hub published.
    public mutating func receive(_ broadcast: HubBroadcast, at now: Duration) -> [HubAction] {
        let topic = HubTopic.tool(broadcast.from)
        let notice = Self.notice(of: broadcast)
        for (id, connection) in self.connections where connection.topics.contains(topic) {
            // Nobody here can be told `busy`, so the receiver is told that it missed something.
            if self.queueIfRoom(notice, to: id, at: now) { continue }
            self.wake(id, at: now) { $0.gaps.insert(topic) }
        }
        return self.flush()
    }

    /// Broadcasts of other processes were lost on their way here, and it is not known whose.
    public mutating func missedBroadcasts(at now: Duration) -> [HubAction] {
        for (id, connection) in self.connections {
            let followed = connection.topics.filter { if case .tool = $0 { true } else { false } }
            if !followed.isEmpty { self.wake(id, at: now) { $0.gaps.formUnion(followed) } }
        }
        return self.flush()
    }

    /// A broadcast was told to the other processes, or could not be.
    public mutating func published() { self.publishing = max(0, self.publishing - 1) }

    mutating func send(
        _ payload: JSONValue,
        to address: HubRequest.Address,
        _ message: String,
        by name: String,
        at now: Duration
    ) throws(HubProblem) -> JSONObject {
        switch address {
        case .tool(let receiver):
            guard let place = self.tools[receiver]?.connection else {
                throw HubProblem(.noSuchTool, "No tool of that name is connected.")
            }
            let notice = HubNotice.message(HubName.reference(name, message), from: name, on: nil, payload)
            let origin = HubOutbox.Origin.message(sender: name, id: message)
            guard self.queueIfRoom(notice, origin, to: place, at: now) else { throw .busy }
            return ["queued": 1]
        case .topic(.tool(name)):
            let count = try self.broadcast(HubBroadcast(from: name, id: message, payload: payload), at: now)
            return ["queued": .integer(Int64(count))]
        case .topic:
            throw HubProblem(.forbidden, "A tool may only speak on its own topic.")
        }
    }

    /// Passes on that the receiver of a message has it, or lets go of a result that its requester has.
    mutating func acknowledge(_ reference: String, by name: String, at now: Duration) throws(HubProblem) {
        if let task = self.tasks[reference], task.requester == name {
            guard !task.isOpen else { throw HubProblem(.noSuchTask, "The task is not finished.") }
            self.removeTask(reference)
            return
        }
        guard let (sender, message) = HubName.parts(of: reference) else { throw .noSuchTask }
        // The end of a task may be acknowledged twice, or after it was forgotten.
        guard sender != name else { return }
        guard let place = self.tools[sender]?.connection else {
            throw HubProblem(.noSuchTool, "The sender is not connected any more.")
        }
        guard self.queueIfRoom(.receipt(message, by: name), to: place, at: now) else { throw .busy }
    }

    /// - Returns: how many have got it, now or by an earlier attempt.
    private mutating func broadcast(_ broadcast: HubBroadcast, at now: Duration) throws(HubProblem) -> Int {
        let topic = HubTopic.tool(broadcast.from)
        var reached: Set<String> = []
        let isRepeat: Bool
        if case .partly(let names)? = self.tools[broadcast.from]?.memory[broadcast.id] {
            reached = names
            isRepeat = true
        } else {
            guard self.publishing < self.limits.publishing else { throw .busy }
            isRepeat = false
        }
        var missed = 0
        for (id, connection) in self.connections where connection.topics.contains(topic) {
            guard let name = connection.name, name != broadcast.from, !reached.contains(name) else { continue }
            let origin = HubOutbox.Origin.message(sender: broadcast.from, id: broadcast.id)
            if self.queueIfRoom(Self.notice(of: broadcast), origin, to: id, at: now) {
                reached.insert(name)
            } else {
                missed += 1
            }
        }
        if !isRepeat {
            self.publishing += 1
            self.act(.publish(broadcast))
        }
        guard missed > 0 else { return reached.count }
        self.tools[broadcast.from]?.memory.remember(.partly(reached), for: broadcast.id)
        throw HubProblem(
            .busy,
            "\(missed) of \(reached.count + missed) followers have a full queue; a repeat with the same id reaches only them."
        )
    }

    private static func notice(of broadcast: HubBroadcast) -> HubNotice {
        .message(
            HubName.reference(broadcast.from, broadcast.id),
            from: broadcast.from,
            on: .tool(broadcast.from),
            broadcast.payload
        )
    }
}
