import CherryCore

/// A question that another one may have been asked like, as the gateway has read it.
public struct SemanticQuestion: Sendable {
    let text: String
    let scope: SemanticCache.Scope
    let model: String
    let setting: BridgeToken.SemanticCache
    /// Whether what is said must stay on this machine, as it does with the models that were asked for.
    let staysLocal: Bool
    /// Once it is known.
    var vector: [Float]?

    /// How long an answer is given again.
    var lifetime: Duration { .seconds(self.setting.seconds) }
}
