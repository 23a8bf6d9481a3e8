import CherryCore
import CherryVault

/// A request's fields.
struct RequestBody {
    var fields: JSONObject = [:]

    subscript(name: String) -> JSONValue? {
        get { self.fields[name] }
        set { self.fields[name] = newValue }
    }

    /// The two keys that prove and unseal, and the parameters they were made with where they are new.
    static func login(_ login: LoginKeys, kdf: KDFParameters? = nil) -> RequestBody {
        var body = RequestBody(fields: [
            "authKey": .string(login.authKey.withBytes { Base64URL.encode($0) }),
            "unsealKey": .string(login.unsealKey.withBytes { Base64URL.encode($0) }),
        ])
        if let kdf {
            body["kdf"] = .object([
                "algorithm": .string(kdf.algorithm),
                "iterations": .integer(Int64(kdf.iterations)),
                "salt": .string(Base64URL.encode(kdf.salt)),
            ])
        }
        return body
    }
}

/// `GET /api/v1/status`.
struct StatusAnswer: Decodable {
    let vault: String
    let kdf: KDFParameters?
}

/// What comes with a new recovery kit.
struct RecoveryKitAnswer: Decodable {
    let recoveryCode: String
}

/// `GET /api/v1/vault`.
struct VaultAnswer: Decodable {
    struct Slot: Decodable {
        let id: RecordID
        let kind: String
        let createdAt: Timestamp
    }

    struct Key: Decodable {
        let id: UInt32
        let active: Bool
        let records: Int
    }

    struct Rotation: Decodable {
        let running: Bool
        let remaining: Int
    }

    let recoveryConfirmed: Bool
    let slots: [Slot]
    let keys: [Key]
    let rotation: Rotation?
}

/// A record in its envelope.
struct RecordAnswer<Value: Decodable>: Decodable {
    let id: RecordID
    let value: Value
}

/// A list.
struct ItemsAnswer<Item: Decodable>: Decodable {
    let items: [Item]
}

/// `POST /api/v1/providers/{id}/test`.
struct ProviderTestAnswer: Decodable {
    let latencyMilliseconds: Int64
    let models: [String]
    let error: ErrorAnswer.Body?
}

/// One of `GET /api/v1/provider-kinds`.
struct ProviderKindAnswer: Decodable {
    let kind: Provider.Kind
    let baseURL: String?
    let example: String
}

/// The record of a token.
struct TokenAnswer: Decodable {
    struct Spent: Decodable {
        let microDollars: Int64
        let tokens: Int64
    }

    let name: String
    let prefix: String
    let models: [String]?
    let expiresAt: Timestamp?
    let revokedAt: Timestamp?
    let spentThisMonth: Spent

    /// Whether it works at `time`, in a word.
    func state(at time: Timestamp) -> String {
        if self.revokedAt != nil { return "revoked" }
        return self.expiresAt.map { $0 <= time } == true ? "expired" : "open"
    }
}

/// `POST /api/v1/tokens`.
struct MadeTokenAnswer: Decodable {
    let token: String
    let record: RecordAnswer<TokenAnswer>
}

/// `GET /api/v1/usage`.
struct UsageAnswer: Decodable {
    struct Sum: Decodable {
        let day: String?
        let model: ModelReference?
        let tokenID: RecordID?
        let conversationID: RecordID?
        let exchanges: Int
        let estimated: Int
        let unpriced: Int
        let tokens: TokenUsage
        let microDollars: Int64
    }

    let items: [Sum]
    let dropped: Int
}

/// What every refusal looks like.
struct ErrorAnswer: Decodable {
    struct Body: Decodable {
        let code: String
        let message: String
        let hint: String?
    }

    let error: Body
}

/// An answer without a body.
struct NoAnswer: Decodable {}
