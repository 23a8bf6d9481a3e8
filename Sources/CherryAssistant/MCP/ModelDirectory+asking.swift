import CherryCore

extension ModelDirectory {
    /// The model of that name, of whichever provider lists it first; the default one for an empty name.
    ///
    /// - Throws: `AssistantError` with code `.notFound`.
    public func resolve(named name: String) async throws -> ResolvedModel {
        guard !name.isEmpty else { return try await self.resolve(nil) }
        let items = try await self.available().items
        guard let item = items.first(where: { $0.reference.model == name }) else {
            throw AssistantError(
                .notFound,
                message: "There is no model of that name.",
                hint: "Leave the model out for the default one."
            )
        }
        return try await self.resolve(item.reference)
    }
}
