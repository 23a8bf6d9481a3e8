extension HubStateMachine {
    /// Lets time pass: ends what took too long. Call it every second or so.
    public mutating func advance(to now: Duration) -> [HubAction] {
        for (id, connection) in self.connections {
            if connection.name == nil, now - connection.since >= self.limits.greeting {
                self.drop(id, .policy("there was no hello"), at: now)
            } else if connection.isWaiting, now - connection.movedAt >= self.limits.draining {
                self.drop(id, .tooSlow, at: now)
            }
        }
        for task in self.sortedTasks { self.advance(task, to: now) }
        for (name, tool) in self.tools where tool.connection == nil && now - tool.awaySince >= self.limits.absence {
            self.forget(name, at: now)
        }
        return self.flush()
    }

    private mutating func advance(_ task: HubTask, to now: Duration) {
        switch task.state {
        case .finished(_, let at, let sentAt):
            let isOver = now - at >= self.limits.resultRetention
            if isOver || sentAt.map({ now - $0 >= self.limits.absence }) ?? false { self.removeTask(task.id) }
        case .offered(let worker, _), .accepted(let worker):
            if now >= task.deadline {
                let notice = HubNotice.failed(task.id, by: nil, .expired, "The task was not done in time.")
                if let place = self.tools[worker]?.connection { self.queue(notice, to: place, at: now) }
                self.end(task.id, with: notice, size: 0, at: now)
            } else if case .offered(_, let since) = task.state, now - since >= self.limits.acceptance {
                if let place = self.tools[worker]?.connection {
                    let notice = HubNotice.failed(task.id, by: nil, .expired, "The offer was not accepted in time.")
                    self.queue(notice, to: place, at: now)
                }
                self.handOver(task.id, .expired, "The tool did not accept the task in time.", at: now)
            }
        }
    }

    /// Keeps the number of tools that are waited for within its bound.
    mutating func forgetOldestAway(at now: Duration) {
        let away = self.tools.values.filter { $0.connection == nil }
        guard away.count > self.limits.awayTools, let oldest = away.min(by: { $0.awaySince < $1.awaySince }) else {
            return
        }
        self.forget(oldest.presence.name, at: now)
    }
}
