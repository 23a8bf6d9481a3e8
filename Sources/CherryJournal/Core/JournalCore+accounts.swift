import Synchronization

extension JournalCore {
    private static let nameLimit = 32

    /// The figures of every destination, sorted by name.
    func ledger() -> [JournalLedger] {
        let totals = self.state.totals
        return self.state.accounts.map { $0.ledger(totals) }.sorted { $0.destination < $1.destination }
    }

    /// Lets a destination have what is produced from now on, and nothing older. One that is known goes on where it was;
    /// of kinds that it takes no more, what is left is dropped.
    func register(_ name: String, _ kinds: Set<JournalKind>) throws {
        try self.checkOpen()
        let isName = name.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || byte == UInt8(ascii: "-")
        }
        guard isName, (1...Self.nameLimit).contains(name.utf8.count) else { throw JournalError(.invalidName) }
        let number = try self.state.account(name) ?? self.addAccount(name)
        let old = Set(self.state.accounts[number].subscriptions.keys)
        guard old != kinds else { return }
        for kind in old.subtracting(kinds) { try self.unsubscribe(number, kind) }
        for kind in kinds.subtracting(old).sorted(by: { $0.rawValue < $1.rawValue }) { self.subscribe(number, kind) }
        self.wanted.set(self.state.wantedKinds)
        self.touch()
        try self.commit()
    }

    private func addAccount(_ name: String) throws -> Int {
        guard self.state.accounts.count < JournalState.destinationLimit else {
            throw JournalError(.tooManyDestinations)
        }
        let progress = self.state.marks.map { LaneProgress(cursor: $0.position) }
        self.state.accounts.append(DestinationAccount(name: name, progress: progress))
        return self.state.accounts.count - 1
    }

    private func subscribe(_ number: Int, _ kind: JournalKind) {
        let lane = self.lanes[kind.lane.index].index
        var from = lane.mark.position
        var baseline = self.state.totals[kind.index]
        if self.state.isRebuilt {
            // Nobody knows what was sent, so that all is sent once more rather than never.
            let old = lane.count(from: lane.start) { each, _ in each == kind }
            from = lane.start
            baseline -= old
            self.state.accounts[number].queued += old
        }
        if !self.state.accounts[number].reads(kind.lane) {
            self.state.accounts[number].progress[kind.lane.index] = LaneProgress(cursor: from)
            self.readers[self.state.accounts[number].name]?.positions[kind.lane.index] = from
        }
        self.state.accounts[number].subscriptions[kind] = .init(from: from, baseline: baseline)
    }

    private func unsubscribe(_ number: Int, _ kind: JournalKind) throws {
        do {
            try self.dropQuarantined(number, kind)
        } catch {
            throw JournalError(.unavailable, underlying: error)
        }
        var account = self.state.accounts[number]
        let lane = self.lanes[kind.lane.index].index
        let left = lane.count(from: account.progress[lane.lane.index].cursor) { each, position in
            each == kind && account.isQueued(each, position)
        }
        account.drop(left, "removed")
        account.queued -= left
        if let subscription = account.subscriptions.removeValue(forKey: kind) {
            account.closed += self.state.totals[kind.index] - subscription.baseline
        }
        self.state.accounts[number] = account
    }

    /// Lets a destination have nothing more; what it had not got is dropped, and its figures are kept.
    func remove(_ name: String) throws {
        guard self.state.account(name) != nil else { throw JournalError(.unknownDestination) }
        try self.register(name, [])
    }
}
