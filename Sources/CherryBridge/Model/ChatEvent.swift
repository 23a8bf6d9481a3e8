public import CherryCore

/// What a model sends back, piece by piece.
///
/// Order: `started` at most once and first, any number of the rest, then `usage` at most once, then `finished` exactly
/// once. A stream that ends without `finished` was cut off: the provider throws `BridgeError` with code `.cutOff`.
public enum ChatEvent: Sendable, Hashable {
    /// The provider's id for the answer and the model that it names, each where it gives one.
    case started(id: String?, model: String?)
    case text(String)
    case reasoning(String)
    /// What the provider needs to take its reasoning back; concerns the reasoning that came before. `text` is empty.
    case reasoningProof(Reasoning)
    /// A call begins. `index` counts the calls of this answer from 0, in order of their beginning.
    case toolCall(index: Int, id: String, name: String)
    /// The next piece of a call's arguments, as JSON text. Concatenated, the pieces are the arguments.
    case toolArguments(index: Int, String)
    /// What a provider needs to take a call back.
    case toolCallProof(index: Int, signature: String)
    /// Probabilities of tokens of the text that came last.
    case logProbabilities([TokenProbability])
    case usage(TokenUsage)
    case finished(FinishReason)
}

/// How likely one token was.
public struct TokenProbability: Sendable, Hashable {
    /// An alternative in the same place.
    public struct Alternative: Sendable, Hashable {
        public var token: String
        /// Natural logarithm, at most 0.
        public var logProbability: Double
        /// The token's UTF-8, where the provider gives it: a token may be part of a character.
        public var bytes: [UInt8]?

        /// Creates an alternative.
        public init(token: String, logProbability: Double, bytes: [UInt8]? = nil) {
            self.token = token
            self.logProbability = logProbability
            self.bytes = bytes
        }
    }

    /// The token that was chosen.
    public var chosen: Alternative
    /// The most likely ones, the chosen one included when it is among them.
    public var top: [Alternative]

    /// Describes one token.
    public init(chosen: Alternative, top: [Alternative]) {
        self.chosen = chosen
        self.top = top
    }
}

/// Why a model stopped.
public enum FinishReason: Sendable, Hashable {
    /// It was done, or met a stop text.
    case stop
    /// It met this stop text, where the provider says which.
    case stopText(String)
    /// The token limit was reached; the text is cut short.
    case length
    /// It waits for the results of its calls.
    case toolCalls
    /// The provider withheld content.
    case filtered
    /// A reason that this program does not know, as the provider names it.
    case other(String)
}
