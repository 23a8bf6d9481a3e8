/// Gives each tool call of an answer its place, from fragments in which providers name calls by index, by id, or not.
struct ToolCallAssembler {
    private struct Call {
        let key: Int?
        let id: String
    }

    private var calls: [Call] = []

    /// How many calls have begun.
    var count: Int { self.calls.count }

    /// Takes a fragment: the beginning of a call, more of its arguments, or both.
    ///
    /// A fragment belongs to the call with its index; without one, to the call with its id; without either, to the call
    /// that began last. The same index with another id is a new call: some servers count every call as 0.
    ///
    /// - Parameter signature: what proves the call to the provider that made it.
    mutating func receive(
        index: Int?,
        id: String?,
        name: String?,
        arguments: String,
        signature: String? = nil
    ) -> [ChatEvent] {
        let id = id.flatMap { $0.isEmpty ? nil : $0 }
        let name = name.flatMap { $0.isEmpty ? nil : $0 }
        var events: [ChatEvent] = []
        let place: Int
        if let known = self.place(index: index, id: id, begins: name != nil) {
            place = known
        } else if let name {
            place = self.calls.count
            let given = id ?? "call_\(place)"
            self.calls.append(Call(key: index, id: given))
            events.append(.toolCall(index: place, id: given, name: name))
        } else {
            return []
        }
        if !arguments.isEmpty { events.append(.toolArguments(index: place, arguments)) }
        if let signature, !signature.isEmpty { events.append(.toolCallProof(index: place, signature: signature)) }
        return events
    }

    private func place(index: Int?, id: String?, begins: Bool) -> Int? {
        if let index, let place = self.calls.lastIndex(where: { $0.key == index }) {
            return id == nil || id == self.calls[place].id ? place : nil
        }
        if let id { return self.calls.lastIndex { $0.id == id } }
        return index == nil && !begins ? self.calls.indices.last : nil
    }
}
