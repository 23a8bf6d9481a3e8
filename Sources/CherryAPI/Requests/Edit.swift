/// What a field of a change says: nothing, to clear the value, or a new one.
enum Edit<Value> {
    case keep
    case clear
    case set(Value)

    /// Applies the edit to a value that may be absent.
    func apply(to target: inout Value?) {
        switch self {
        case .keep: break
        case .clear: target = nil
        case .set(let value): target = value
        }
    }
}
