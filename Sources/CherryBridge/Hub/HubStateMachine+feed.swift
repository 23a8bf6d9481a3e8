import CherryCore

extension HubStateMachine {
    /// The change feed has reached a position.
    public mutating func feedReached(_ position: Int64) -> [HubAction] {
        guard position > self.newest else { return [] }
        self.newest = position
        for id in self.connections.keys { self.readFeedIfUseful(for: id) }
        return self.flush()
    }

    /// A stretch of the feed was read for a connection.
    public mutating func feedRead(
        _ page: HubFeedPage,
        for id: HubConnectionID,
        at now: Duration
    ) -> [HubAction] {
        guard var connection = self.connections[id] else { return [] }
        connection.feed.isReading = false
        if connection.feed.isVoid {
            connection.feed.isVoid = false
            connection.feed.readUpTo = -1
            self.connections[id] = connection
            self.readFeedIfUseful(for: id)
            return self.flush()
        }
        if page.isStale {
            connection.feed.position = self.newest
            self.connections[id] = connection
            self.queue(.gap(position: self.newest), to: id, at: now)
        } else {
            connection.feed.position = page.next
            if page.hasMore { connection.feed.readUpTo = -1 }
            self.connections[id] = connection
            for change in page.changes {
                guard let topic = HubTopic(change.collection), connection.topics.contains(topic) else { continue }
                self.queue(.event(change, on: topic), to: id, at: now)
            }
        }
        self.readFeedIfUseful(for: id)
        return self.flush()
    }

    /// A stretch of the feed could not be read. It is tried again when the feed moves on.
    public mutating func feedFailed(for id: HubConnectionID, at now: Duration) -> [HubAction] {
        guard self.connections[id] != nil else { return [] }
        self.connections[id]?.feed.isReading = false
        let problem = HubProblem(.unavailable, "The change feed cannot be read at the moment.")
        self.reply(.error(problem, answering: nil), to: id, at: now)
        return self.flush()
    }

    /// Begins to follow the feed where the client left off, or now; or follows more of it from where it is.
    mutating func startFeed(of connection: inout Connection) {
        guard connection.topics.contains(where: \.isOfFeed) else { return }
        // What is being read may lack what is followed from now on.
        if connection.feed.isReading { connection.feed.isVoid = true }
        guard connection.feed.position == nil else { return }
        connection.feed.position = connection.feed.resume ?? self.newest
        connection.feed.resume = nil
        connection.feed.readUpTo = -1
    }

    /// Asks for a stretch when there are topics to follow, something new, and room for it.
    mutating func readFeedIfUseful(for id: HubConnectionID) {
        guard var connection = self.connections[id], let position = connection.feed.position,
            !connection.feed.isReading, position != self.newest, connection.feed.readUpTo < self.newest,
            connection.outbox.count <= self.limits.queuedMessages / 4,
            connection.outbox.bytes <= self.limits.queuedBytes / 4
        else { return }
        connection.feed.isReading = true
        connection.feed.readUpTo = self.newest
        self.connections[id] = connection
        let wantsContent = connection.wantsContent && connection.grant.mayReadContext
        self.act(
            .readFeed(
                HubFeedRead(
                    connection: id,
                    since: position,
                    limit: wantsContent ? max(1, self.limits.feedPage / 4) : self.limits.feedPage,
                    collections: Set(
                        RecordCollection.allCases.filter { collection in
                            HubTopic(collection).map(connection.topics.contains) ?? false
                        }
                    ),
                    wantsContent: wantsContent
                )
            )
        )
    }
}
