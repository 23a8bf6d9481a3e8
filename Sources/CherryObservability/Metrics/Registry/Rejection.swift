/// Why an instrument was not made.
enum Rejection: String, Error, CaseIterable {
    /// No metric of the name is declared.
    case name
    /// It is declared as another kind.
    case kind
    /// Its labels are not those that are declared.
    case labels
    /// A label has a value that is not among those that are declared.
    case value
}
