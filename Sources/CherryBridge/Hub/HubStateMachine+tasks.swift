import CherryCore

extension HubStateMachine {
    // MARK: What the requester says

    mutating func offer(
        _ offer: HubRequest.Offer,
        _ message: String,
        size: Int,
        by name: String,
        at now: Duration
    ) throws(HubProblem) -> JSONObject {
        let id = HubName.reference(name, message)
        if let known = self.tasks[id] { return ["task": .string(known.id)] }
        guard self.tasks.values.count(where: { $0.requester == name }) < self.limits.openTasks else {
            throw HubProblem(
                .tooMany,
                "At most \(self.limits.openTasks) tasks may be open, or done and not acknowledged."
            )
        }
        guard self.taskBytes + size <= self.limits.taskBytes else { throw .busy }
        var task = HubTask(
            id: id,
            requester: name,
            candidate: offer.candidate,
            payload: offer.payload,
            size: size,
            deadline: now + (offer.time ?? self.limits.usualTask),
            state: .offered(to: "", since: now)
        )
        let worker = try self.place(&task, at: now)
        self.tasks[id] = task
        self.taskBytes += size
        return ["task": .string(id), "tool": .string(worker)]
    }

    // MARK: What the worker says

    mutating func accept(_ id: String, by name: String, at now: Duration) throws(HubProblem) {
        guard var task = self.tasks[id], task.worker == name else { throw .noSuchTask }
        guard !task.isAccepted else { return }
        task.state = .accepted(by: name)
        self.tasks[id] = task
        if let place = self.tools[task.requester]?.connection {
            self.queue(.accepted(id, by: name), to: place, at: now)
        }
    }

    mutating func progress(_ id: String, _ payload: JSONValue, by name: String, at now: Duration) throws(HubProblem) {
        guard let task = self.tasks[id], task.worker == name, task.isAccepted else { throw .noSuchTask }
        guard let place = self.tools[task.requester]?.connection else {
            throw HubProblem(.noSuchTool, "Whoever offered the task is away; only its end is kept for it.")
        }
        guard self.queueIfRoom(.progress(id, by: name, payload), to: place, at: now) else { throw .busy }
    }

    mutating func finish(
        _ id: String,
        _ payload: JSONValue,
        size: Int,
        by name: String,
        at now: Duration
    ) throws(HubProblem) {
        guard let task = self.tasks[id], task.worker == name else { throw .noSuchTask }
        guard self.taskBytes - task.size + size <= self.limits.taskBytes else { throw .busy }
        self.end(id, with: .done(id, by: name, payload), size: size, at: now)
    }

    /// The worker declines or gives up, or the requester withdraws.
    mutating func fail(_ id: String, _ message: String?, by name: String, at now: Duration) throws(HubProblem) {
        guard let task = self.tasks[id], let worker = task.worker, worker == name || task.requester == name else {
            throw .noSuchTask
        }
        if task.requester == name {
            self.tell(worker, .failed(id, by: name, .withdrawn, message), at: now)
            self.removeTask(id)
        } else if task.isAccepted {
            self.end(id, with: .failed(id, by: name, .failed, message), size: 0, at: now)
        } else {
            self.handOver(id, .nobody, "Nobody took the task.", at: now)
        }
    }

    // MARK: What follows from it

    /// Has every task that a tool had not accepted done by somebody else.
    mutating func handOverTasks(offeredTo name: String, at now: Duration) {
        for task in self.sortedTasks where task.worker == name && !task.isAccepted {
            self.handOver(task.id, .gone, "The tool has left.", at: now)
        }
    }

    /// Offers a task to the next who can do it; when there is nobody, it has failed.
    ///
    /// - Parameter code: what the requester of a task for one tool is told.
    mutating func handOver(_ id: String, _ code: HubProblem.Code, _ message: String, at now: Duration) {
        guard var task = self.tasks[id], let worker = task.worker else { return }
        task.tried.insert(worker)
        do throws(HubProblem) {
            _ = try self.place(&task, at: now)
            self.tasks[id] = task
        } catch {
            let isForOne = if case .tool = task.candidate { true } else { false }
            let notice =
                isForOne
                ? HubNotice.failed(id, by: nil, code, message)
                : HubNotice.failed(id, by: nil, error.code, error.message)
            self.end(id, with: notice, size: 0, at: now)
        }
    }

    /// Ends a task, and keeps how it ended until the requester has it.
    mutating func end(_ id: String, with notice: HubNotice, size: Int, at now: Duration) {
        guard var task = self.tasks[id] else { return }
        self.taskBytes += size - task.size
        task.size = size
        task.state = .finished(notice, at: now, sentAt: nil)
        self.tasks[id] = task
        self.tell(task.requester, notice, .result(task: id), at: now)
    }

    mutating func resultWasSent(of id: String, at now: Duration) {
        guard case .finished(let notice, let at, _)? = self.tasks[id]?.state else { return }
        self.tasks[id]?.state = .finished(notice, at: at, sentAt: now)
    }

    mutating func removeTask(_ id: String) {
        guard let task = self.tasks.removeValue(forKey: id) else { return }
        self.taskBytes -= task.size
    }

    /// Tells a tool that has come back how its tasks stand: those it offered, and those it has to do.
    mutating func resumeTasks(of name: String, at now: Duration) {
        for task in self.sortedTasks {
            if task.requester == name {
                switch task.state {
                case .offered: break
                case .accepted(let worker): self.tell(name, .accepted(task.id, by: worker), at: now)
                case .finished(let notice, _, _): self.tell(name, notice, .result(task: task.id), at: now)
                }
            }
            if task.worker == name { self.tell(name, .offer(of: task, now: now), at: now) }
        }
    }

    /// Forgets a tool: what it wanted is withdrawn, what it worked on has failed.
    mutating func forget(_ name: String, at now: Duration) {
        guard let tool = self.tools[name], tool.connection == nil else { return }
        self.tools[name] = nil
        self.tellNews(of: name, at: now)
        for task in self.sortedTasks {
            if task.requester == name {
                if let worker = task.worker {
                    self.tell(worker, .failed(task.id, by: nil, .withdrawn, "The requester has left."), at: now)
                }
                self.removeTask(task.id)
            } else if task.worker == name {
                self.end(task.id, with: .failed(task.id, by: nil, .gone, "The tool has left."), size: 0, at: now)
            }
        }
    }

    /// In the order of their ids, so that what follows does not depend on chance.
    var sortedTasks: [HubTask] { self.tasks.values.sorted { $0.id < $1.id } }

    /// Tells a tool about a task, whatever waits for it: the number of tasks is bounded.
    private mutating func tell(
        _ name: String,
        _ notice: HubNotice,
        _ origin: HubOutbox.Origin? = nil,
        at now: Duration
    ) {
        guard let place = self.tools[name]?.connection else { return }
        self.queue(notice, origin, to: place, at: now)
    }

    /// Offers a task to whoever fits best: the tool that was named, or of those with the capability the one with the
    /// fewest tasks.
    ///
    /// - Returns: the tool that got the offer.
    /// - Throws: `HubProblem` with code `noSuchTool`, `nobody` or `busy`.
    private mutating func place(_ task: inout HubTask, at now: Duration) throws(HubProblem) -> String {
        let names = try self.candidates(for: task)
        for name in names {
            guard let place = self.tools[name]?.connection else { continue }
            task.state = .offered(to: name, since: now)
            if self.queueIfRoom(.offer(of: task, now: now), to: place, at: now) { return name }
        }
        throw .busy
    }

    private func candidates(for task: HubTask) throws(HubProblem) -> [String] {
        switch task.candidate {
        case .tool(let name):
            guard name != task.requester, !task.tried.contains(name), self.tools[name]?.connection != nil else {
                throw HubProblem(.noSuchTool, "No other tool of that name is connected.")
            }
            return [name]
        case .capability(let capability):
            let able = self.tools.values.filter { tool in
                tool.connection != nil && tool.presence.capabilities.contains(capability)
                    && tool.presence.name != task.requester && !task.tried.contains(tool.presence.name)
            }.map(\.presence.name)
            guard !able.isEmpty else { throw HubProblem(.nobody, "No tool that is here takes the task.") }
            let load = Dictionary(self.tasks.values.compactMap { $0.worker.map { ($0, 1) } }, uniquingKeysWith: +)
            return able.sorted { (load[$0] ?? 0, $0) < (load[$1] ?? 0, $1) }
        }
    }
}
