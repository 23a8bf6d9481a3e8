public import CherryCore

/// What models cost: the user's own prices, and beneath them those that come with the program.
public struct PriceTable: Sendable {
    /// A price that comes with the program.
    public struct BuiltIn: Sendable {
        /// The model's name, `*` at the end standing for any rest.
        public let pattern: String
        public let rates: TokenRates
        /// The day on which the provider's list said so, such as `2026-09-20`.
        public let asOf: String
    }

    private struct Entry {
        let pattern: NamePattern
        let providerID: RecordID?
        let rates: TokenRates
    }

    private let own: [Entry]
    private static let known = Self.builtIn.map {
        Entry(pattern: NamePattern($0.pattern), providerID: nil, rates: $0.rates)
    }

    /// Creates a table.
    public init(own: [ModelPrice] = []) {
        self.own = own.map { Entry(pattern: NamePattern($0.pattern), providerID: $0.providerID, rates: $0.rates) }
    }

    /// The price of a model, or `nil` when nobody has said one.
    ///
    /// The user's own come first, those for this very provider before those for any; among these the pattern that says
    /// most. A model of this machine costs nothing unless the user says otherwise.
    public func rates(for model: ModelReference, isLocal: Bool) -> TokenRates? {
        let mine = self.own.filter { $0.providerID == model.providerID }
        let anybodys = self.own.filter { $0.providerID == nil }
        if let rates = Self.best(mine, model.model) ?? Self.best(anybodys, model.model) { return rates }
        return isLocal ? TokenRates(input: 0, output: 0) : Self.best(Self.known, model.model)
    }

    private static func best(_ entries: [Entry], _ model: String) -> TokenRates? {
        entries.filter { $0.pattern.matches(model) }.max { $0.pattern.length < $1.pattern.length }?.rates
    }
}
