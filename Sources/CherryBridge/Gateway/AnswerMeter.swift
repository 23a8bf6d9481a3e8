import CherryCore

/// Counts what comes of one answer.
struct AnswerMeter {
    /// What the provider says that it took.
    private(set) var usage: TokenUsage?
    /// Whether anything came that a reader would miss if it were gone.
    private(set) var hasBegun = false
    /// Whether a call of a tool has begun: half of one cannot be gone on with.
    private(set) var hasCalls = false
    private(set) var isFinished = false
    /// Bytes of text, reasoning and arguments.
    private var length = 0

    mutating func count(_ events: [ChatEvent]) {
        for event in events {
            switch event {
            case .text(let text), .reasoning(let text), .toolArguments(_, let text):
                self.length += text.utf8.count
                self.hasBegun = true
            case .toolCall(_, _, let name):
                self.length += name.utf8.count
                self.hasBegun = true
                self.hasCalls = true
            case .usage(let usage): self.usage = usage
            case .finished:
                self.isFinished = true
                self.hasBegun = true
            case .started, .reasoningProof, .toolCallProof, .logProbabilities: break
            }
        }
    }

    /// What the answer took: as the provider says, or an estimate when it did not say but answered.
    func tokens(promptLength: () -> Int) -> (tokens: TokenUsage?, isEstimated: Bool) {
        if let usage { return (usage, false) }
        guard self.hasBegun else { return (nil, false) }
        return (self.estimate(promptLength: promptLength()), true)
    }

    /// An estimate of what a request took that was given up.
    func estimate(promptLength: Int) -> TokenUsage {
        TokenUsage(
            prompt: TokenEstimate.tokens(inBytes: promptLength),
            completion: TokenEstimate.tokens(inBytes: self.length)
        )
    }
}
