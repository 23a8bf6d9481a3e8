import CherryCore
import CherryJournal
import CherryObservability

/// Where telemetry can go, where it goes and what came of that. No secret is in it, only which ones are set.
struct TelemetryView: Encodable {
    /// Why nothing is sent.
    struct Problem: Encodable {
        let message: String
        let hint: String?
    }

    let environment: String
    let instance: String
    let problem: Problem?
    let destinations: [TelemetryDestinationView]
}

struct TelemetryDestinationView: Encodable {
    struct Field: Encodable {
        let name: String
        let form: String
        let choices: [String]?
        let required: Bool
        let secret: Bool
        let help: String
    }

    struct Failure: Encodable {
        let at: Timestamp
        let reason: String
        /// The reason in words, and what to do about it.
        let message: String
        let hint: String?
    }

    let kind: String
    let title: String
    let takes: String
    let fields: [Field]
    let isSet: Bool
    let values: [String: String]
    /// The names of those that are set.
    let secrets: [String]
    let lastSentAt: Timestamp?
    let lastFailure: Failure?
    let ledger: LedgerView?

    init(_ kind: TelemetryKind, _ target: TelemetryTarget?, _ health: DestinationHealth?, _ ledger: JournalLedger?) {
        self.kind = kind.rawValue
        self.title = kind.title
        self.takes = kind.takes
        self.fields = kind.fields.map(Field.init)
        self.isSet = target != nil
        let shown = target?.shown
        self.values = shown?.values ?? [:]
        self.secrets = shown?.secrets ?? []
        self.lastSentAt = health?.lastSent
        self.lastFailure = health?.lastFailure.map { failure in
            let (message, hint) = DeliveryReason.explanation(of: failure.reason)
            return Failure(at: failure.at, reason: failure.reason, message: message, hint: hint)
        }
        self.ledger = ledger.map(LedgerView.init)
    }
}

extension TelemetryDestinationView.Field {
    init(_ field: TelemetryField) {
        var choices: [String]?
        switch field.form {
        case .word: self.form = "word"
        case .address: self.form = "address"
        case .places: self.form = "places"
        case .flag: self.form = "flag"
        case .share: self.form = "share"
        case .choice(let names):
            self.form = "choice"
            choices = names
        }
        self.choices = choices
        self.name = field.name
        self.required = field.isRequired
        self.secret = field.isSecret
        self.help = field.help
    }
}

/// What came of a test.
struct TelemetryOutcomeView: Encodable {
    let outcome: String
    let reason: String?
    /// The reason in words, and what to do about it.
    let message: String?
    let hint: String?

    init(_ outcome: DeliveryOutcome) {
        switch outcome {
        case .sent: (self.outcome, self.reason) = ("sent", nil)
        case .retry(let reason): (self.outcome, self.reason) = ("notNow", reason)
        case .quarantine(let reason): (self.outcome, self.reason) = ("refused", reason)
        case .drop(let reason): (self.outcome, self.reason) = ("dropped", reason)
        }
        let explanation = self.reason.map { DeliveryReason.explanation(of: $0) }
        self.message = explanation?.message
        self.hint = explanation?.hint
    }
}
