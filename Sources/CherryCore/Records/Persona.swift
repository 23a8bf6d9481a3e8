/// A character that answers: its name, its looks and its standing instructions.
public struct Persona: Codable, Sendable, Hashable {
    /// The colours a persona may have; the web app maps each to its two schemes.
    public enum Hue: String, Codable, Sendable, CaseIterable {
        case cherry, indigo, teal, amber, violet, moss, slate, rose
    }

    public let id: RecordID
    public var name: String
    public var hue: Hue
    /// The system prompt.
    public var instructions: String
    /// `nil` means the default model.
    public var model: ModelReference?
    /// 0 to 2; `nil` leaves it to the provider.
    public var temperature: Double?
    /// Whether the product brought it. A built-in one can be edited and reset, not deleted.
    public let isBuiltIn: Bool
    public var createdAt: Timestamp
    public var updatedAt: Timestamp

    /// Creates a persona.
    public init(
        id: RecordID = .make(),
        name: String,
        hue: Hue,
        instructions: String,
        model: ModelReference? = nil,
        temperature: Double? = nil,
        isBuiltIn: Bool = false,
        createdAt: Timestamp = .now
    ) {
        self.id = id
        self.name = name
        self.hue = hue
        self.instructions = instructions
        self.model = model
        self.temperature = temperature
        self.isBuiltIn = isBuiltIn
        self.createdAt = createdAt
        self.updatedAt = createdAt
    }
}

extension Persona {
    /// The personas that every vault starts with. Their ids are fixed so that two devices mean the same one.
    public static func builtIn(at time: Timestamp = .now) -> [Persona] {
        [
            Persona(
                id: RecordID("00000000-0000-7000-8000-0000000000c1")!,
                name: "Cherry",
                hue: .cherry,
                instructions: """
                    You are Cherry, a warm and direct companion for everyday life: plans, people, home, ideas. \
                    Be brief unless asked for more. Say so when you do not know.
                    """,
                isBuiltIn: true,
                createdAt: time
            ),
            Persona(
                id: RecordID("00000000-0000-7000-8000-0000000000c2")!,
                name: "Sophia",
                hue: .indigo,
                instructions: """
                    You are Sophia, a clear-headed adviser for work and business. Structure answers, weigh options, \
                    name assumptions and risks, and end with a next step.
                    """,
                isBuiltIn: true,
                createdAt: time
            ),
            Persona(
                id: RecordID("00000000-0000-7000-8000-0000000000c3")!,
                name: "Karen",
                hue: .teal,
                instructions: """
                    You are Karen, a calm guide for health and wellbeing. Explain plainly, separate what is known \
                    from what is not, and say when a doctor should be asked. You do not diagnose.
                    """,
                isBuiltIn: true,
                createdAt: time
            ),
        ]
    }
}
