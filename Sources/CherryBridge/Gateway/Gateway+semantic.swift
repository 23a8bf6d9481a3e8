public import CherryCore
import CherryNet

extension Gateway {
    /// Reads a request for the semantic cache.
    ///
    /// - Parameter length: the bytes of the request as it came.
    /// - Returns: `nil` when its token wants no such cache, when the request may depend on more than its words, or when it
    ///   would be refused.
    public func semanticQuestion(
        in body: JSONValue,
        length: Int,
        of api: WireAPI,
        for caller: GatewayCaller
    ) async -> SemanticQuestion? {
        guard let token = caller.token, let setting = token.semanticCache, let model = body["model"]?.string,
            let request = SemanticRequest(body, of: api, length: length),
            // Why it is refused is said where it is asked.
            let route = try? await self.route(to: model), (try? self.checked(route, for: caller)) != nil
        else { return nil }
        var parts = [api.rawValue, setting.embeddings.map { "model " + $0 } ?? "wording"].map { Array($0.utf8) }
        // What a name leads to can be changed.
        parts.append(
            route.options.flatMap { $0.target.model.providerID.bytes + Array($0.target.model.model.utf8) + [0] }
        )
        parts.append(request.rest)
        let marks =
            setting.embeddings == nil ? QuestionWording(request.text).words : QuestionGuard.marks(of: request.text)
        parts += marks.map { Array($0.utf8) }
        guard let scope = self.semantic.scope(of: parts, for: token.id) else { return nil }
        return SemanticQuestion(
            text: request.text,
            scope: scope,
            model: model,
            setting: setting,
            staysLocal: route.policy.staysLocal || route.options.allSatisfy(\.target.isLocal)
        )
    }

    /// The answer to a question that says the same, and how alike the two are.
    ///
    /// - Throws: `CancellationError` when the task was cancelled; whatever else goes wrong is no answer.
    public func semanticAnswer(
        to question: inout SemanticQuestion,
        for caller: GatewayCaller
    ) async throws -> (answer: [UInt8], similarity: Double)? {
        // Most questions have nothing to be compared with and need no vector yet.
        guard self.semantic.holdsAnything(in: question.scope) else { return nil }
        question.vector = try await self.vector(of: question, for: caller)
        guard let vector = question.vector else { return nil }
        return self.semantic.answer(
            to: vector,
            in: question.scope,
            threshold: question.setting.threshold,
            lifetime: question.lifetime
        )
    }

    /// Keeps a whole answer without a fault.
    ///
    /// - Throws: `CancellationError` when the task was cancelled.
    public func keepSemantic(
        _ answer: [UInt8],
        to question: SemanticQuestion,
        for caller: GatewayCaller
    ) async throws {
        var known = question.vector
        if known == nil { known = try await self.vector(of: question, for: caller) }
        guard let vector = known else { return }
        self.semantic.keep(
            answer,
            to: .init(
                text: question.text,
                vector: vector,
                model: question.model,
                embeddings: question.setting.embeddings
            ),
            in: question.scope,
            for: question.lifetime
        )
    }

    /// What a question is compared by; `nil` when there is no way to it that the token and the route allow.
    private func vector(of question: SemanticQuestion, for caller: GatewayCaller) async throws -> [Float]? {
        guard let name = question.setting.embeddings else { return QuestionWording(question.text).vector }
        do {
            var route: GatewayRoute? = try self.checked(try await self.route(to: name), for: caller)
            if question.staysLocal { route = route?.localOnly() }
            guard let route = route?.once(within: Self.comparingTime) else { return nil }
            let request = EmbeddingsRequest(model: name, texts: [question.text])
            let answer = try await self.embeddings(request, via: route, for: caller, id: ExchangeID.make())
            return answer.vectors.count == 1 ? QuestionVector.normalized(answer.vectors[0]) : nil
        } catch let error as CancellationError {
            throw error
        } catch {
            // The exchange is on record with its outcome; the question is then asked as if there were no cache.
            return nil
        }
    }

    /// What comparing may hold up an answer.
    private static let comparingTime: Duration = .seconds(5)
}
