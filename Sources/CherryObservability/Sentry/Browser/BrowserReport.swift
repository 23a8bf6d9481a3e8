import CherryCore

/// Reads what the web app reports, into the same closed model that the server's own reports are made of.
///
/// Nothing is passed through: a field that is not known is not read, and text that is not of its closed set is replaced or
/// left out. So a page that misbehaves can make a report wrong, but cannot make it tell anything.
struct BrowserReport {
    /// What a page may send at once.
    static let limits = EnvelopeReader.Limits(bytes: 128 * 1024, items: 20)
    /// Reports that waited longer than this in a browser count as made now; sessions cannot be updated after it either.
    static let longestAge = Duration.seconds(5 * 86_400)

    let identity: ServiceIdentity
    /// The templates of the server's routes.
    let routes: Set<String>
    let now: Timestamp

    /// The envelope to keep for one item; `nil` for an item that is not taken.
    func envelope(of item: EnvelopeReader.RawItem) -> SentryEnvelope? {
        guard let type = item.type, let json = try? JSONValue(parsing: item.payload) else { return nil }  // not JSON
        return switch type {
        case .event: self.event(json)?.envelope
        case .session: self.session(json).map { SentryEnvelope(.session, $0) }
        case .transaction, .clientReport: nil
        }
    }

    /// Reads an event.
    func event(_ json: JSONValue) -> SentryEvent? {
        guard let id = json["event_id"]?.string.flatMap({ HexID($0) }), id.text.utf8.count == 32,
            let exception = json["exception"]?["values"]?.array?.first
        else { return nil }
        let mechanism = exception["mechanism"]?["type"]?.string.flatMap(SentryEvent.Mechanism.init(rawValue:))
        let place: SentryEvent.Mechanism =
            switch mechanism {
            case .onunhandledrejection: .onunhandledrejection
            case .boundary: .boundary
            default: .onerror
            }
        var event = SentryEvent(
            id: id,
            at: self.time(json["timestamp"]),
            platform: .javascript,
            level: place == .boundary ? .fatal : .error,
            type: PageErrorName.symbol(exception["type"]?.string),
            code: Self.code(json["tags"]?["code"]?.string, place),
            mechanism: place,
            identity: self.identity
        )
        event.route = json["transaction"]?.string.flatMap { RouteName(page: $0) }
        event.frames = (exception["stacktrace"]?["frames"]?.array ?? []).suffix(SentryEvent.frameLimit).compactMap(
            Self.frame
        )
        let crumbs = json["breadcrumbs"]?["values"]?.array ?? []
        event.breadcrumbs = crumbs.suffix(SentryEvent.breadcrumbLimit).compactMap(self.breadcrumb)
        event.browser = Self.browser(json["contexts"]?["browser"])
        return event
    }

    private static func code(_ name: String?, _ place: SentryEvent.Mechanism) -> FailureCode {
        if let name, FailureCode.all.contains(name) { return FailureCode(name: name) }
        return switch place {
        case .onunhandledrejection: FailureCode(name: "pageRejection")
        case .boundary: FailureCode(name: "pageBroken")
        default: FailureCode(name: "pageError")
        }
    }

    private static func frame(_ json: JSONValue) -> SentryFrame? {
        guard let file = json["filename"]?.string.flatMap({ SourceFile(bundle: $0) }) else { return nil }
        return SentryFrame(
            function: json["function"]?.string.flatMap { SymbolName(browser: $0) },
            file: file,
            line: json["lineno"]?.integer,
            column: json["colno"]?.integer,
            isOurs: true
        )
    }

    private func breadcrumb(_ json: JSONValue) -> SentryBreadcrumb? {
        let kind: SentryBreadcrumb.Kind
        switch json["category"]?.string {
        case "navigation":
            guard let from = json["data"]?["from"]?.string.flatMap({ RouteName(page: $0) }),
                let to = json["data"]?["to"]?.string.flatMap({ RouteName(page: $0) })
            else { return nil }
            kind = .navigation(from: from, to: to)
        case "http":
            guard let route = json["data"]?["url"]?.string.flatMap({ RouteName(route: $0, of: self.routes) }),
                let status = json["data"]?["status_code"]?.integer
            else { return nil }
            let method = json["data"]?["method"]?.string.map { HTTPMethodName($0) } ?? .other
            kind = .request(method: method, route: route, status: status)
        case "ui.click":
            let words = (json["message"]?.string ?? "").split(separator: " ", maxSplits: 1).map(String.init)
            kind = .click(ElementName(role: words.first ?? "other", testID: words.count > 1 ? words[1] : nil))
        default:
            return nil
        }
        return SentryBreadcrumb(at: self.time(json["timestamp"]), kind)
    }

    private static func browser(_ json: JSONValue?) -> BrowserFamily? {
        guard let json, let name = json["name"]?.string else { return nil }
        let version = json["version"]?.string.flatMap { Int($0) }
        return BrowserFamily(name: BrowserFamily.Name(rawValue: name) ?? .other, version: version)
    }

    /// Reads a session update. Its names are the server's own: a page is a part of the same release.
    func session(_ json: JSONValue) -> JSONValue? {
        guard let id = json["sid"]?.string, let sid = HexID(id.filter { $0 != "-" }), sid.uuid == id,
            let started = json["started"]?.string.flatMap(SentryTime.parse), self.isRecent(started),
            let status = json["status"]?.string.flatMap(SentrySession.Status.init(rawValue:))
        else { return nil }
        let errors = json["errors"]?.integer.flatMap { (0...1_000_000).contains($0) ? $0 : nil } ?? 0
        let time =
            json["timestamp"]?.string.flatMap(SentryTime.parse).flatMap { self.isRecent($0) ? $0 : nil } ?? self.now
        var update: JSONObject = [
            "sid": .string(sid.uuid), "init": .bool(json["init"]?.bool ?? false),
            "started": .string(SentryTime.text(started)), "timestamp": .string(SentryTime.text(time)),
            "status": .string(status.rawValue), "errors": .integer(Int64(errors)),
            "duration": .number(Double(max(0, time.milliseconds - started.milliseconds)) / 1000),
        ]
        if let sequence = json["seq"]?.integer, (0...1_000_000).contains(sequence) {
            update["seq"] = .integer(Int64(sequence))
        }
        update["attrs"] = [
            "release": .string(self.identity.release), "environment": .string(self.identity.environment),
        ]
        return .object(update)
    }

    private func time(_ json: JSONValue?) -> Timestamp {
        guard let seconds = json?.number, (0..<100_000_000_000).contains(seconds) else { return self.now }
        let time = Timestamp(milliseconds: Int64((seconds * 1000).rounded()))
        return self.isRecent(time) ? time : self.now
    }

    private func isRecent(_ time: Timestamp) -> Bool {
        time <= self.now + .seconds(60) && self.now - time <= Self.longestAge
    }
}
