import CherryCore

/// The journal of the server that runs.
struct ServerJournalDesk: JournalDesk {
    /// Seconds of one request, so that neither side takes the silence for an end.
    private static let slice = 10

    let server: ServerSession

    var isDelivering: Bool { true }

    /// Whether anything was ever to be sent.
    func exists() async throws -> Bool {
        do {
            _ = try await self.journal()
            return true
        } catch let error as CommandError where error.codeName == "notFound" {
            return false
        }
    }

    func journal() async throws -> JournalAnswer { try await self.server.call("GET", "/api/v1/journal") }

    func verify() async throws -> JournalVerificationAnswer {
        try await self.server.call("POST", "/api/v1/journal/verify")
    }

    func drain(seconds: Int) async throws -> [JournalAccountAnswer] {
        var left = seconds
        while true {
            let slice = min(left, Self.slice)
            left -= slice
            let answer: JournalDrainAnswer = try await self.server.call(
                "POST",
                "/api/v1/journal/drain",
                body: RequestBody(fields: ["seconds": .integer(Int64(slice))])
            )
            if left == 0 || answer.destinations.allSatisfy({ $0.ledger.queued == 0 }) { return answer.destinations }
        }
    }

    func quarantine() async throws -> [QuarantinedRecordAnswer] {
        let answer: ItemsAnswer<QuarantinedRecordAnswer> = try await self.server.call(
            "GET",
            "/api/v1/journal/quarantine"
        )
        return answer.items
    }

    func retry(_ destination: String, id: String?) async throws -> Int {
        try await self.change("retry", destination, id)
    }

    func discard(_ destination: String, id: String?) async throws -> Int {
        try await self.change("discard", destination, id)
    }

    private func change(_ what: String, _ destination: String, _ id: String?) async throws -> Int {
        // As any name of a destination is; others have no place in an address.
        guard destination.wholeMatch(of: /[a-z0-9-]{1,32}/) != nil else {
            throw CommandError(
                "invalid",
                "There is no such destination.",
                hint: "See them with: cherry journal status"
            )
        }
        var fields: JSONObject = [:]
        if let id { fields["ids"] = .array([.string(id)]) }
        let answer: JournalCountAnswer = try await self.server.call(
            "POST",
            "/api/v1/journal/quarantine/\(destination)/\(what)",
            body: RequestBody(fields: fields)
        )
        return answer.records
    }
}
