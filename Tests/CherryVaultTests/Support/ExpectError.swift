import CherryVault
import Testing

/// Expects a `VaultError` with that code and gives it back.
@discardableResult
func expectError<Result>(
    _ code: VaultError.Code,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () throws -> Result
) -> VaultError? {
    let error = #expect(throws: VaultError.self, sourceLocation: sourceLocation) { _ = try body() }
    #expect(error?.code == code, sourceLocation: sourceLocation)
    return error
}

/// Expects a `VaultError` with that code and gives it back.
@discardableResult
func expectError<Result>(
    _ code: VaultError.Code,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () async throws -> Result
) async -> VaultError? {
    let error = await #expect(throws: VaultError.self, sourceLocation: sourceLocation) { _ = try await body() }
    #expect(error?.code == code, sourceLocation: sourceLocation)
    return error
}
