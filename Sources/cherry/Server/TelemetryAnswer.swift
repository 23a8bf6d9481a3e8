import CherryCore
import Foundation

/// `GET /api/v1/telemetry`.
struct TelemetryAnswer: Decodable {
    let environment: String
    let destinations: [TelemetryDestinationAnswer]

    /// The destination of a name.
    ///
    /// - Throws: `CommandError` with code `invalid` when there is none.
    func destination(_ name: String) throws -> TelemetryDestinationAnswer {
        guard let destination = self.destinations.first(where: { $0.kind == name }) else {
            throw CommandError(
                "invalid",
                "There is no destination of that name.",
                hint: "There are: \(self.destinations.map(\.kind).joined(separator: ", "))."
            )
        }
        return destination
    }
}

struct TelemetryDestinationAnswer: Decodable {
    struct Field: Decodable {
        let name: String
        let required: Bool
        let secret: Bool
        let help: String
    }

    struct Failure: Decodable {
        let at: Timestamp
        let reason: String
        let message: String
        let hint: String?
    }

    let kind: String
    let title: String
    let takes: String
    let fields: [Field]
    let isSet: Bool
    let values: [String: String]
    let secrets: [String]
    let lastSentAt: Timestamp?
    let lastFailure: Failure?
    let ledger: LedgerAnswer?

    /// What it has to be told, and what it was, a line each.
    var settings: String {
        let head = "\(self.kind)  \(self.title), takes \(self.takes): \(self.isSet ? "on" : "off")"
        let told = self.fields.map { self.values[$0.name] ?? (self.secrets.contains($0.name) ? "(stored)" : "-") }
        let nameWidth = self.fields.map(\.name.count).max() ?? 0
        let valueWidth = told.map(\.count).max() ?? 0
        return zip(self.fields, told).reduce(head) { text, each in
            let (field, value) = each
            let name = field.name.padding(toLength: nameWidth, withPad: " ", startingAt: 0)
            let shown = value.padding(toLength: valueWidth, withPad: " ", startingAt: 0)
            return text + "\n  \(name) = \(shown)  \(field.help)\(field.required ? " Needed." : "")"
        }
    }

    /// How it does: what became of everything, and when it took something last.
    func lines(at now: Timestamp) -> [String] {
        var lines: [String] = []
        lines.append(
            lastSentAt.map { "last accepted \(Self.words(for: now - $0)) ago" }
                ?? "nothing was accepted since the server started"
        )
        if let lastFailure {
            let time = Self.words(for: now - lastFailure.at)
            lines.append("last failure \(time) ago: \(lastFailure.message) (\(lastFailure.reason))")
        }
        if let ledger {
            let dropped = ledger.dropped.filter { $0.value > 0 }.sorted { $0.key < $1.key }
                .map { "\($0.value) \($0.key)" }
            lines.append(
                "\(ledger.produced) produced = \(ledger.sent) sent + \(ledger.queued) queued + \(ledger.quarantined)"
                    + " quarantined + dropped (\(dropped.isEmpty ? "none" : dropped.joined(separator: ", ")))"
            )
            if !ledger.balanced {
                lines.append("these do not add up: look closer with: cherry journal verify")
            }
        }
        return lines
    }

    /// Sends one event.
    ///
    /// - Returns: whether it was taken.
    func test(by server: ServerSession) async throws -> Bool {
        let answer: TelemetryTestAnswer = try await server.call("POST", "/api/v1/telemetry/\(self.kind)/test")
        let because = [answer.message, answer.hint, answer.reason.map { "(\($0))" }].compactMap(\.self)
        let outcome =
            switch answer.outcome {
            case "sent": "took the test event."
            case "notNow": "could not take the test event now."
            case "refused": "refused the test event."
            default: "had the test event thrown away."
            }
        print(([self.title, outcome] + because).joined(separator: " "))
        return answer.outcome == "sent"
    }

    private static func words(for time: Duration) -> String {
        let seconds = max(time.components.seconds, 0)
        switch seconds {
        case ..<120: return "\(seconds) s"
        case ..<7200: return "\(seconds / 60) min"
        case ..<172_800: return "\(seconds / 3600) h"
        default: return "\(seconds / 86_400) days"
        }
    }
}

/// `POST /api/v1/telemetry/{kind}/test`.
struct TelemetryTestAnswer: Decodable {
    let outcome: String
    let reason: String?
    let message: String?
    let hint: String?
}
