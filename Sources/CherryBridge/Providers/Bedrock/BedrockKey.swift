import CherryCore
import Foundation

/// How a user is known to Amazon Bedrock.
enum BedrockKey {
    /// `ACCESS_KEY_ID:SECRET_ACCESS_KEY` or `ACCESS_KEY_ID:SECRET_ACCESS_KEY:SESSION_TOKEN`, which sign requests.
    case credentials(AWSCredentials)
    /// A Bedrock API key, which is sent as it is. It has no colon.
    case bearer(Secret<String>)

    /// Reads what the user entered.
    init(_ key: Secret<String>) throws {
        let parts = key.exposed.trimmingCharacters(in: .whitespacesAndNewlines)
            .split(separator: ":", omittingEmptySubsequences: false)
            .map(String.init)
        guard parts.count <= 3, !parts.contains("") else {
            throw BridgeError(
                .unauthorized,
                message: "This is no key of Amazon Bedrock.",
                hint:
                    "Enter ACCESS_KEY_ID:SECRET_ACCESS_KEY, with :SESSION_TOKEN if there is one, or a Bedrock API key."
            )
        }
        self =
            parts.count == 1
            ? .bearer(Secret(parts[0]))
            : .credentials(
                AWSCredentials(
                    accessKeyID: parts[0],
                    secretAccessKey: Secret(parts[1]),
                    sessionToken: parts.count > 2 ? Secret(parts[2]) : nil
                )
            )
    }
}

extension ProviderEndpoint {
    /// The AWS region: that of `?region=`, or the one in the host's name, behind `bedrock-runtime`.
    var awsRegion: String? {
        if let parameter = self.parameters.first(where: { $0.hasPrefix("region=") }) {
            return String(parameter.dropFirst("region=".count))
        }
        let labels = self.baseURL.split(separator: "/").dropFirst().first?.split(separator: ".") ?? []
        guard let place = labels.firstIndex(where: { $0.hasPrefix("bedrock-runtime") }), place + 1 < labels.count,
            labels[place + 1].wholeMatch(of: /[a-z]{2,}(-[a-z]+)+-\d+/) != nil
        else { return nil }
        return String(labels[place + 1])
    }

    /// The address of `path` without the region, which is for this program alone.
    func urlWithoutRegion(_ path: String) -> String {
        let others = self.parameters.filter { !$0.hasPrefix("region=") }
        return self.baseURL + path + (others.isEmpty ? "" : "?" + others.joined(separator: "&"))
    }

    private var parameters: [Substring] { self.query.dropFirst().split(separator: "&") }
}
