import CherryCore
import CherryStore
import Hummingbird

/// The characters that answer.
struct PersonasController: Sendable {
    let store: SealedStore
    let clock: WallClock

    /// Adds this area's routes.
    func addRoutes(to routes: RouteBuilder) {
        routes.get("/api/v1/personas") { try await self.list($0) }
        routes.post("/api/v1/personas") { try await self.create($0) }
        routes.patch("/api/v1/personas/{id}") { try await self.change($0) }
        routes.delete("/api/v1/personas/{id}") { try await self.remove($0) }
        routes.post("/api/v1/personas/{id}/reset") { try await self.reset($0) }
    }

    private func list(_ call: Call) async throws -> Response {
        try call.query().finish()
        var personas = try await self.store.list(Persona.self)
        let known = Set(personas.map(\.value.id))
        let missing = Persona.builtIn(at: self.clock.now).filter { !known.contains($0.id) }
        for persona in missing { personas.append(try await self.store.create(persona).record) }
        // The built-in ones have the lowest ids, so they come first.
        personas.sort { $0.value.id < $1.value.id }
        return .json(Items(items: personas.map { Envelope($0) }))
    }

    private func create(_ call: Call) async throws -> Response {
        var fields = try await call.fields()
        let now = self.clock.now
        var persona = Persona(
            id: try fields.optionalID("id") ?? .make(at: now),
            name: try fields.text("name", .name),
            hue: try fields.optionalChoice("hue", of: Persona.Hue.self) ?? .slate,
            instructions: try fields.optionalText("instructions", .instructions) ?? "",
            createdAt: now
        )
        try fields.editModel("model").apply(to: &persona.model)
        try fields.editNumber("temperature", in: 0...2).apply(to: &persona.temperature)
        try fields.finish()
        let (record, isNew) = try await self.store.create(persona)
        return .json(Envelope(record), status: isNew ? .created : .ok)
    }

    private func change(_ call: Call) async throws -> Response {
        var fields = try await call.fields()
        let version = try fields.baseVersion()
        let name = try fields.optionalText("name", .name)
        let hue = try fields.optionalChoice("hue", of: Persona.Hue.self)
        let instructions = try fields.optionalText("instructions", .instructions)
        let model = try fields.editModel("model")
        let temperature = try fields.editNumber("temperature", in: 0...2)
        try fields.finish()
        let now = self.clock.now
        let changed = try await self.store.edit(try await self.persona(call), basedOn: version) { persona in
            if let name { persona.name = name }
            if let hue { persona.hue = hue }
            if let instructions { persona.instructions = instructions }
            model.apply(to: &persona.model)
            temperature.apply(to: &persona.temperature)
            persona.updatedAt = now
        }
        return .json(Envelope(changed))
    }

    private func remove(_ call: Call) async throws -> Response {
        let persona = try await self.persona(call).value
        guard !persona.isBuiltIn else {
            throw APIError(
                .conflict,
                "builtIn",
                "A built-in persona cannot be deleted.",
                hint: "It can be edited and reset."
            )
        }
        try await self.store.delete(.personas, persona.id)
        return .noContent()
    }

    private func reset(_ call: Call) async throws -> Response {
        let persona = try await self.persona(call).value
        let now = self.clock.now
        guard let original = Persona.builtIn(at: now).first(where: { $0.id == persona.id }) else {
            throw APIError(.conflict, "notBuiltIn", "Only a built-in persona can be reset.")
        }
        let changed = try await self.store.update(Persona.self, persona.id) { current in
            let createdAt = current.createdAt
            current = original
            current.createdAt = createdAt
        }
        return .json(Envelope(changed))
    }

    private func persona(_ call: Call) async throws -> Versioned<Persona> {
        try await self.store.require(Persona.self, try call.id(of: "persona"), called: "persona")
    }
}
