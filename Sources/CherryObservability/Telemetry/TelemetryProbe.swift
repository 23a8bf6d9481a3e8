import CherryCore
import CherryJournal
import Logging
import Tracing

/// An event that says only that somebody tried whether telemetry arrives.
struct TelemetryProbe {
    let identity: ServiceIdentity

    func entry(for kind: TelemetryKind, at now: Timestamp) -> JournalEntry {
        switch kind {
        case .sentry: JournalEntry(kind: .event, at: now, payload: self.event(at: now).envelope.stored())
        case .otlp: JournalEntry(kind: .span, at: now, payload: self.span(at: now).payload)
        case .loki, .elasticsearch, .fluent: JournalEntry(kind: .log, at: now, payload: self.line.json)
        }
    }

    private func event(at now: Timestamp) -> SentryEvent {
        SentryEvent(
            id: .make(),
            at: now,
            platform: .other,
            level: .warning,
            type: SymbolName(of: TelemetryProbe.self),
            code: FailureCode(of: TelemetryError(.invalidTarget, "")),
            mechanism: .work,
            identity: self.identity
        )
    }

    private func span(at now: Timestamp) -> SpanRecord {
        var random = SystemRandomNumberGenerator()
        let nanoseconds = UInt64(max(now.milliseconds, 0)) * 1_000_000
        return SpanRecord(
            context: TraceContext(
                trace: .random(using: &random),
                span: .random(using: &random),
                isSampled: true
            ),
            parent: nil,
            name: "telemetry.test",
            kind: .internal,
            start: nanoseconds,
            end: nanoseconds,
            hasFailed: false,
            attributes: []
        )
    }

    private var line: LogLine {
        LogLine(
            time: .now,
            level: .info,
            logger: self.identity.service,
            module: "CherryObservability",
            message: "A test of telemetry.",
            role: self.identity.role,
            fields: []
        )
    }
}
