public import CherryCore
import Foundation

/// How a destination is told who sends.
public enum HTTPCredential: Sendable {
    case none
    case basic(user: String, password: Secret<String>)
    case bearer(Secret<String>)
    /// A key of Elasticsearch, in the encoded form that it is given out in.
    case apiKey(Secret<String>)

    /// The header field, if there is one.
    var header: (name: String, value: String)? {
        switch self {
        case .none: nil
        case .basic(let user, let password):
            ("Authorization", "Basic " + Data("\(user):\(password.exposed)".utf8).base64EncodedString())
        case .bearer(let token): ("Authorization", "Bearer \(token.exposed)")
        case .apiKey(let key): ("Authorization", "ApiKey \(key.exposed)")
        }
    }
}
