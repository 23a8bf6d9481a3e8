import CherryCore
import Foundation

/// Turns a provider's refusals into words for the user.
struct OpenAIErrorTranslator: Sendable {
    /// What providers put under `error`: an object, or just a text.
    struct Detail: Decodable {
        let message: String?
        let code: String?

        private enum CodingKeys: String, CodingKey { case message, code, type }

        init(from decoder: any Decoder) throws {
            if let text = try? decoder.singleValueContainer().decode(String.self) {  // not a text: then an object
                self.message = text
                self.code = nil
                return
            }
            let container = try decoder.container(keyedBy: CodingKeys.self)
            // Servers send codes as texts, numbers or null; one that is no text says nothing we use.
            self.message = try? container.decode(String.self, forKey: .message)
            self.code =
                (try? container.decode(String.self, forKey: .code))
                ?? (try? container.decode(String.self, forKey: .type))
        }
    }

    private struct Body: Decodable {
        let error: Detail?
        let message: String?
        let detail: String?
    }

    /// The most that is shown of a provider's own words.
    static let shownCharacters = 300

    let apiKey: Secret<String>?

    /// Reads a refusal: a status of 400 or more with its body.
    func error(status: Int, body: [UInt8], retryAfter: String?) -> BridgeError {
        // A body that is not JSON tells nothing; the status alone must do.
        let body = try? JSONDecoder().decode(Body.self, from: Data(body))
        let detail = body?.error ?? body?.message.map(Detail.init) ?? body?.detail.map(Detail.init)
        let seconds = retryAfter.flatMap { Double($0.trimmingCharacters(in: .whitespaces)) }
        return self.error(status: status, detail: detail, retryAfter: seconds.map { .seconds($0) })
    }

    func error(status: Int?, detail: Detail?, retryAfter: Duration?) -> BridgeError {
        let said = self.quote(detail?.message)
        let words = "\(detail?.code ?? "") \(detail?.message ?? "")".lowercased()
        if words.contains("context_length") || words.contains("context length") || words.contains("context size")
            || status == 413
        {
            return BridgeError(
                .contextTooLong,
                message: "The conversation is longer than the model can read.\(said)",
                hint: "Shorten the message, or choose a model with a longer context."
            )
        }
        switch status {
        case 401, 403:
            return BridgeError(
                .unauthorized,
                message: "The provider refused the key.\(said)",
                hint: "Enter the key again under Settings, Providers."
            )
        case 404:
            return BridgeError(
                .unknownModel,
                message: "The provider does not know this model or address.\(said)",
                hint: "Check the model's name, and that the address ends with the version, such as /v1."
            )
        case 408, 504:
            return BridgeError(.timedOut, message: "The provider took too long.\(said)", hint: "Try again.")
        case 429:
            let wait = retryAfter.map { " Try again in \($0.components.seconds) seconds." } ?? ""
            return BridgeError(
                .rateLimited,
                message: "The provider takes no more requests for now.\(said)",
                hint: "It may be a limit on requests or a spent budget.\(wait)",
                retryAfter: retryAfter
            )
        case .some(500...):
            return BridgeError(
                .overloaded,
                message: "The provider failed with status \(status ?? 500).\(said)",
                hint: "Try again in a moment.",
                retryAfter: retryAfter
            )
        default:
            return BridgeError(
                .refused,
                message: "The provider refused the request\(status.map { " with status \($0)" } ?? "").\(said)",
                hint: "Check the model and its settings."
            )
        }
    }

    /// An answer of the right status but of another kind, such as the page of a web site.
    func wrongKind(_ contentType: String?) -> BridgeError {
        let isPage = contentType?.lowercased().contains("html") == true
        return BridgeError(
            .garbled,
            message: isPage
                ? "A web page came back instead of an answer." : "What came back is not an answer of this API.",
            hint: "Check the address: it usually ends with /v1."
        )
    }

    /// The provider's own words, made harmless: one line, a limited length, and never the key.
    private func quote(_ text: String?) -> String {
        guard var text, !text.isEmpty else { return "" }
        if let key = self.apiKey?.exposed, !key.isEmpty { text = text.replacing(key, with: "[key]") }
        let clean = text.unicodeScalars.map { scalar in
            CharacterSet.controlCharacters.contains(scalar) || CharacterSet.newlines.contains(scalar)
                ? " " : String(scalar)
        }.joined()
        let short = clean.prefix(Self.shownCharacters)
        return " It says: “\(short)\(short.count < clean.count ? "…" : "")”"
    }
}

extension OpenAIErrorTranslator.Detail {
    init(_ message: String) {
        self.message = message
        self.code = nil
    }
}
