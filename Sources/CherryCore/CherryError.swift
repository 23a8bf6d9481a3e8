/// What every error of the product offers to the edge that shows it: a stable code, and words that carry no user data.
///
/// Each target has one error struct that conforms. `CherryAPI` maps `code` to an HTTP status, the command line prints
/// `message` and `hint`; neither prints anything else of an error.
public protocol CherryError: Error, Sendable {
    /// A stable identifier in camel case, such as `sealed`, `tampered`, `conflict`.
    var codeName: String { get }
    /// What happened and why, in one plain sentence without user data.
    var message: String { get }
    /// What to do next: a command or an action; `nil` when there is nothing to do.
    var hint: String? { get }
}

extension CherryError {
    /// Whether the vault was locked.
    public var isSealed: Bool { self.codeName == "sealed" }
    /// Whether something on disk is not what was written.
    public var isTampered: Bool { self.codeName == "tampered" }
}
