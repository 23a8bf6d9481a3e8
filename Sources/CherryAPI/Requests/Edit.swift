/// What a field of a change says: nothing, to clear the value, or a new one.
enum Edit<Value> {
    case keep
    case clear
    case set(Value)

    /// The same edit of another form of the value.
    func map<Other>(_ transform: (Value) -> Other) -> Edit<Other> {
        switch self {
        case .keep: .keep
        case .clear: .clear
        case .set(let value): .set(transform(value))
        }
    }

    /// Applies the edit to a value that may be absent.
    func apply(to target: inout Value?) {
        switch self {
        case .keep: break
        case .clear: target = nil
        case .set(let value): target = value
        }
    }
}
