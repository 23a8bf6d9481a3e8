public import CherryCore
import CherryJournal

/// Takes the web app's reports for the journal: the tunnel's inner end.
public struct BrowserTelemetry: Sendable {
    private let dsn: SentryDSN
    private let identity: ServiceIdentity
    private let routes: Set<String>
    private let destination: SentryDestination
    private let append: SentryClient.Append
    private let wallClock: WallClock

    /// - Parameters:
    ///   - routes: the templates of the server's routes, which breadcrumbs may name.
    ///   - append: hands something to the journal.
    public init(
        dsn: SentryDSN,
        identity: ServiceIdentity,
        routes: Set<String>,
        destination: SentryDestination,
        wallClock: WallClock = .system,
        append: @escaping SentryClient.Append
    ) {
        self.dsn = dsn
        self.identity = identity
        self.routes = Set(routes.map(RouteName.withoutNames))
        self.destination = destination
        self.wallClock = wallClock
        self.append = append
    }

    /// Takes one envelope.
    ///
    /// - Returns: the limits to tell the page of, in the form of `X-Sentry-Rate-Limits`; `nil` when there are none.
    /// - Throws: `SentryError` with code `.malformedEnvelope`, or `.invalidDSN` for an envelope that is meant for another
    ///   project; otherwise what the journal throws when it takes nothing.
    public func receive(_ bytes: [UInt8]) async throws -> String? {
        let envelope = try EnvelopeReader(bytes, limits: BrowserReport.limits)
        if let dsn = envelope.header["dsn"] {
            guard let text = dsn.string, self.dsn.names(text) else {
                throw SentryError(.invalidDSN, "The envelope is meant for another project.")
            }
        }
        let now = self.wallClock.now
        let report = BrowserReport(identity: self.identity, routes: self.routes, now: now)
        for item in envelope.items {
            if item.type == .clientReport, let json = try? JSONValue(parsing: item.payload) {  // not JSON tells nothing
                self.destination.add(ClientReports(reading: json))
            } else if let kept = report.envelope(of: item) {
                let kind: JournalKind = item.type == .session ? .session : .event
                try await self.append(JournalEntry(kind: kind, at: now, payload: kept.stored()))
            }
        }
        return self.destination.rateLimits
    }
}
