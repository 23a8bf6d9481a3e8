/// Tells the hub's connections apart. Never used twice within a process.
public struct HubConnectionID: Sendable, Hashable {
    let number: Int
}
