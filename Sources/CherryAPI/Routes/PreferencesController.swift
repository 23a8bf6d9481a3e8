import CherryCore
import CherryStore
import Foundation
import Hummingbird

/// The user's settings, each under its key.
struct PreferencesController: Sendable {
    let store: SealedStore
    let clock: WallClock
    let setIdleLimit: @Sendable (Duration) -> Void

    private static let sizeLimit = 64 << 10

    /// Adds this area's routes.
    func addRoutes(to routes: RouteBuilder) {
        routes.get("/api/v1/preferences") { call in
            try call.query().finish()
            let all = try await self.store.list(Preference.self).sorted { $0.value.key < $1.value.key }
            return .json(Items(items: all.map { Envelope($0) }))
        }
        routes.add(Route(method: .put, template: "/api/v1/preferences/{key}")) { try await self.set($0) }
        routes.delete("/api/v1/preferences/{key}") { try await self.remove($0) }
    }

    private func set(_ call: Call) async throws -> Response {
        var fields = try await call.fields()
        let value = try fields.value("value")
        let version = try fields.baseVersion()
        try fields.finish()
        let key = try Self.key(call)
        guard JSON.encode(value).count <= Self.sizeLimit else {
            throw APIError.invalid("value: must take at most \(Self.sizeLimit) bytes.")
        }
        try PreferenceRules.check(value, for: key)
        let preference = Preference(key: key, value: value, updatedAt: self.clock.now)
        let record: Versioned<Preference>
        do {
            record = try await self.store.put(preference, basedOn: version)
        } catch let error as StoreError where error.code == .conflict {
            let current = try await self.store.get(Preference.self, preference.id)
            guard let current, current.value.value == value else {
                throw APIError.conflict(current: current.map { JSON.encode(Envelope($0)) })
            }
            record = current  // it says what was asked for: sent twice, or by two devices
        }
        self.apply(record.value.value, for: key)
        return .json(Envelope(record))
    }

    private func remove(_ call: Call) async throws -> Response {
        let key = try Self.key(call)
        let id = Preference.id(for: key)
        _ = try await self.store.require(Preference.self, id, called: "preference")
        try await self.store.delete(.preferences, id)
        self.apply(nil, for: key)
        return .noContent()
    }

    private func apply(_ value: JSONValue?, for key: String) {
        guard key == PreferenceRules.idleMinutesKey else { return }
        self.setIdleLimit(PreferenceRules.idleLimit(from: value))
    }

    /// The key in the path: lower-case words in camel case, joined by dots.
    private static func key(_ call: Call) throws -> String {
        let key = call.context.parameters.get("key")?.removingPercentEncoding ?? ""
        guard PreferenceRules.isKey(key) else {
            throw APIError.invalid("key: must be words joined by dots, at most 64 characters.")
        }
        return key
    }
}
