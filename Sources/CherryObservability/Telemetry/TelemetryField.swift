/// One thing that a destination has to be told.
public struct TelemetryField: Sendable, Hashable {
    /// What its value may be.
    public enum Form: Sendable, Hashable {
        /// Printable text without spaces.
        case word
        /// An http or https address.
        case address
        /// Several places, `tcp://host:port` or `tls://host:port`, with spaces between them.
        case places
        /// `yes` or `no`.
        case flag
        /// A number from 0 to 1.
        case share
        /// One of these.
        case choice([String])
    }

    public let name: String
    public let form: Form
    public let isRequired: Bool
    /// Whether it is never shown again.
    public let isSecret: Bool
    /// What it is, in words for a person.
    public let help: String

    init(_ name: String, _ form: Form, isRequired: Bool = false, isSecret: Bool = false, _ help: String) {
        self.name = name
        self.form = form
        self.isRequired = isRequired
        self.isSecret = isSecret
        self.help = help
    }
}
