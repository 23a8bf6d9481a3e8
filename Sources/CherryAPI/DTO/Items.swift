/// A list of things.
struct Items<Item: Encodable & Sendable>: Encodable, Sendable {
    let items: [Item]
}
