/// Turns the elements of a source into events, one by one.
protocol StreamEncoder: Sendable {
    associatedtype Element: Sendable

    /// The bytes to send for an element, and whether the stream ends with them.
    mutating func encode(_ element: Element) -> StreamFrame
}
