/// A value of MessagePack, as far as the forward protocol uses it: <https://github.com/msgpack/msgpack/blob/master/spec.md>.
enum MessagePackValue: Sendable, Hashable {
    /// One member of a map.
    struct Member: Sendable, Hashable {
        let key: MessagePackValue
        let value: MessagePackValue
    }

    case null
    case bool(Bool)
    case integer(Int64)
    /// A number above those of `integer`.
    case large(UInt64)
    case number(Double)
    case string(String)
    case binary([UInt8])
    case array([MessagePackValue])
    /// In the order in which they stand.
    case map([Member])
    case ext(type: Int8, bytes: [UInt8])
}

extension MessagePackValue {
    /// A map with texts for keys.
    static func map(_ members: KeyValuePairs<String, MessagePackValue>) -> Self {
        .map(members.map { Member(key: .string($0.key), value: $0.value) })
    }

    /// The value under a key of a map; `nil` for anything else.
    subscript(_ key: String) -> MessagePackValue? {
        guard case .map(let members) = self else { return nil }
        return members.first { $0.key == .string(key) }?.value
    }

    /// The text, also when it came as bytes: older senders know no difference.
    var text: String? {
        switch self {
        case .string(let text): text
        case .binary(let bytes): String(validating: bytes, as: UTF8.self)
        default: nil
        }
    }

    var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    var array: [MessagePackValue]? { if case .array(let value) = self { value } else { nil } }

    /// The bytes of a text or of binary data.
    var bytes: [UInt8]? {
        switch self {
        case .string(let text): Array(text.utf8)
        case .binary(let bytes): bytes
        default: nil
        }
    }
}
