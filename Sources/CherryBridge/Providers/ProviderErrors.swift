import CherryCore
import Foundation

/// Turns a provider's refusals into words for the user.
public struct ProviderErrors: Sendable {
    private let words: ProviderWords

    /// - Parameters:
    ///   - key: is never shown, even if the provider repeats it.
    ///   - userTexts: what the request said; a provider that repeats it is not quoted.
    init(key: Secret<String>?, userTexts: [String] = []) {
        self.words = ProviderWords(apiKey: key, userTexts: userTexts)
    }

    /// Reads a refusal: a status of 300 or more with its body.
    func error(status: Int, contentType: String?, body: [UInt8], retryAfter: String?) -> BridgeError {
        if (300..<400).contains(status) {
            return BridgeError(
                .refused,
                message: "The address points elsewhere, with status \(status), and that is not followed.",
                hint: "Enter the address that the provider names today, with https."
            )
        }
        if status == 404, contentType?.lowercased().contains("html") == true { return self.wrongKind(contentType) }
        // A body that is not JSON tells nothing; the status alone must do.
        let detail = (try? JSONValue(parsing: body)).flatMap(Detail.init(refusal:))
        let wait = retryAfter.flatMap { RetryAfter.duration($0, now: Date()) }
        return self.error(status: status, detail: detail, retryAfter: wait)
    }

    /// Reads an error that came within an answer.
    func error(_ detail: Detail) -> BridgeError { self.error(status: nil, detail: detail, retryAfter: nil) }

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

    private func error(status: Int?, detail: Detail?, retryAfter: Duration?) -> BridgeError {
        let said = self.words.quote(detail?.message)
        switch self.meaning(status: status, detail: detail) {
        case .contextTooLong:
            return BridgeError(
                .contextTooLong,
                message: "The conversation is longer than the model can read.\(said)",
                hint: "Shorten the message, or choose a model with a longer context."
            )
        case .unauthorized:
            return BridgeError(
                .unauthorized,
                message: "The provider refused the key.\(said)",
                hint: "Enter the key again under Settings, Providers."
            )
        case .unknownModel:
            return BridgeError(
                .unknownModel,
                message: "The provider does not know this model or address.\(said)",
                hint: "Check the model's name, and that the address ends with the version, such as /v1."
            )
        case .timedOut:
            return BridgeError(.timedOut, message: "The provider took too long.\(said)", hint: "Try again.")
        case .rateLimited:
            let wait = retryAfter.map { " Try again in \($0.components.seconds) seconds." } ?? ""
            return BridgeError(
                .rateLimited,
                message: "The provider takes no more requests for now.\(said)",
                hint: "It may be a limit on requests or a spent budget.\(wait)",
                retryAfter: retryAfter
            )
        case .overloaded:
            return BridgeError(
                .overloaded,
                message: "The provider failed\(status.map { " with status \($0)" } ?? "").\(said)",
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

    /// What a refusal means. Servers disagree on statuses, so their codes count where the status leaves it open.
    private func meaning(status: Int?, detail: Detail?) -> BridgeError.Code {
        switch status ?? detail?.status {
        case 401, 403: .unauthorized
        case 402, 429: .rateLimited
        case 404: .unknownModel
        case 408, 504: .timedOut
        case _ where detail?.isAboutContext == true: .contextTooLong
        case 413: detail?.has("rate_limit") == true ? .rateLimited : .contextTooLong
        case 400 where detail?.has("model_not_found") == true: .unknownModel
        case 400 where detail?.has("api_key_invalid") == true: .unauthorized
        case 424, .some(500...): .overloaded
        case nil: self.meaning(ofCodesIn: detail)
        default: .refused
        }
    }

    /// What an error without any status means, such as one within a stream.
    private func meaning(ofCodesIn detail: Detail?) -> BridgeError.Code {
        guard let detail else { return .refused }
        if detail.has("rate_limit") || detail.has("quota") { return .rateLimited }
        if detail.has("api_key") || detail.has("authentication") || detail.has("permission") { return .unauthorized }
        if detail.has("model_not_found") { return .unknownModel }
        if detail.has("overloaded") || detail.has("server_error") || detail.has("unavailable") { return .overloaded }
        return .refused
    }
}
