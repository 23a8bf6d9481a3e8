import CherryCore

extension HubStateMachine {
    /// Does what a client says, or throws what it is told instead.
    mutating func handle(
        _ envelope: HubEnvelope,
        size: Int,
        from id: HubConnectionID,
        at now: Duration
    ) throws(HubProblem) {
        switch envelope.request {
        case .hello(let hello):
            try self.greet(hello, envelope.id, from: id, at: now)
            return
        case .ping:
            let position = self.connections[id]?.feed.position ?? self.newest
            self.reply(.pong(envelope.id, position: position), to: id, at: now)
            return
        default: break
        }
        guard let name = self.connections[id]?.name else {
            throw HubProblem(.helloFirst, "The first message must be `hello`.")
        }
        if let message = envelope.id, case .done(let answer)? = self.tools[name]?.memory[message] {
            self.reply(answer, to: id, at: now)
            return
        }
        let details = try self.perform(envelope, size: size, by: name, on: id, at: now)
        guard let message = envelope.id else { return }
        let answer = HubNotice.ack(message, details)
        self.tools[name]?.memory.remember(.done(answer), for: message)
        self.reply(answer, to: id, at: now)
    }

    /// - Returns: what the acknowledgement tells.
    private mutating func perform(
        _ envelope: HubEnvelope,
        size: Int,
        by name: String,
        on id: HubConnectionID,
        at now: Duration
    ) throws(HubProblem) -> JSONObject {
        switch envelope.request {
        case .announce(let announcement):
            self.announce(announcement, by: name, at: now)
        case .subscribe(let topics, let wantsContent):
            return try self.subscribe(to: topics, wantsContent: wantsContent, on: id, at: now)
        case .unsubscribe(let topics):
            self.unsubscribe(from: topics, on: id)
        case .send(let address, let payload):
            return try self.send(payload, to: address, envelope.id ?? "", by: name, at: now)
        case .offer(let offer):
            return try self.offer(offer, envelope.id ?? "", size: size, by: name, at: now)
        case .accept(let task):
            try self.accept(task, by: name, at: now)
        case .progress(let task, let payload):
            try self.progress(task, payload, by: name, at: now)
        case .done(let task, let payload):
            try self.finish(task, payload, size: size, by: name, at: now)
        case .fail(let task, let message):
            try self.fail(task, message, by: name, at: now)
        case .ack(let reference):
            try self.acknowledge(reference, by: name, at: now)
        case .hello, .ping: break
        }
        return [:]
    }

    // MARK: Presence

    private mutating func greet(
        _ hello: HubRequest.Hello,
        _ message: String?,
        from id: HubConnectionID,
        at now: Duration
    ) throws(HubProblem) {
        guard let connection = self.connections[id] else { return }
        guard connection.name == nil else { throw HubProblem(.alreadyGreeted, "There was a `hello` already.") }
        try self.check(hello.topics, wantsContent: hello.wantsContent, for: connection)
        let known = self.tools[hello.name]
        if let known, known.grant.id != connection.grant.id {
            throw HubProblem(.nameTaken, "Another token uses that name.")
        }
        self.tools[hello.name] = Tool(
            grant: connection.grant,
            presence: HubPresence(
                name: hello.name,
                kind: hello.kind,
                capabilities: hello.capabilities,
                status: hello.status,
                state: .online
            ),
            connection: id,
            memory: known?.memory ?? HubMemory(limit: self.limits.rememberedIDs)
        )
        // The tool is at its new place already, so its tasks stay with it when the old one goes.
        if let old = known?.connection { self.drop(old, .replaced, at: now) }
        self.connections[id]?.name = hello.name
        self.connections[id]?.feed.resume = hello.position
        self.queue(
            .welcome(
                to: hello.name,
                answering: message,
                position: self.newest,
                isResumed: known != nil,
                limits: self.limits
            ),
            .welcome,
            to: id,
            at: now
        )
        self.follow(hello.topics, wantsContent: hello.wantsContent, on: id, at: now)
        self.tellNews(of: hello.name, at: now)
        self.resumeTasks(of: hello.name, at: now)
    }

    private mutating func announce(_ announcement: HubRequest.Announcement, by name: String, at now: Duration) {
        if let kind = announcement.kind { self.tools[name]?.presence.kind = kind }
        if let capabilities = announcement.capabilities { self.tools[name]?.presence.capabilities = capabilities }
        if let status = announcement.status { self.tools[name]?.presence.status = status.isEmpty ? nil : status }
        self.tellNews(of: name, at: now)
    }

    /// All tools, in order of name.
    var presences: [HubPresence] { self.tools.values.map(\.presence).sorted { $0.name < $1.name } }

    func presence(of name: String) -> HubPresence {
        self.tools[name]?.presence
            ?? HubPresence(name: name, kind: "", capabilities: [], status: nil, state: .gone)
    }

    /// Has everybody who follows presence told of a tool.
    mutating func tellNews(of name: String, at now: Duration) {
        for (id, connection) in self.connections where connection.topics.contains(.presence) {
            self.wake(id, at: now) { $0.news.add(name) }
        }
    }

    // MARK: Topics

    private mutating func subscribe(
        to topics: [HubTopic],
        wantsContent: Bool,
        on id: HubConnectionID,
        at now: Duration
    ) throws(HubProblem) -> JSONObject {
        guard let connection = self.connections[id] else { return [:] }
        try self.check(topics, wantsContent: wantsContent, for: connection)
        self.follow(topics, wantsContent: wantsContent, on: id, at: now)
        guard let position = self.connections[id]?.feed.position else { return [:] }
        return ["position": .integer(position)]
    }

    private func check(
        _ topics: [HubTopic],
        wantsContent: Bool,
        for connection: Connection
    ) throws(HubProblem) {
        if wantsContent, !connection.grant.mayReadContext {
            throw HubProblem(.forbidden, "The token may not read the context.")
        }
        guard connection.topics.union(topics).count <= self.limits.topics else {
            throw HubProblem(.tooMany, "A connection may follow at most \(self.limits.topics) topics.")
        }
    }

    private mutating func follow(
        _ topics: [HubTopic],
        wantsContent: Bool,
        on id: HubConnectionID,
        at now: Duration
    ) {
        guard var connection = self.connections[id] else { return }
        let added = Set(topics).subtracting(connection.topics)
        connection.topics.formUnion(topics)
        if wantsContent { connection.wantsContent = true }
        self.startFeed(of: &connection)
        self.connections[id] = connection
        if added.contains(.presence) { self.wake(id, at: now) { $0.news.addAll() } }
        self.readFeedIfUseful(for: id)
    }

    private mutating func unsubscribe(from topics: [HubTopic], on id: HubConnectionID) {
        guard var connection = self.connections[id] else { return }
        connection.topics.subtract(topics)
        connection.gaps.subtract(topics)
        if !connection.topics.contains(.presence) { connection.news.clear() }
        if !connection.topics.contains(where: \.isOfFeed) {
            connection.feed.position = nil
            connection.feed.isVoid = connection.feed.isReading
            connection.wantsContent = false
        }
        self.connections[id] = connection
    }
}
