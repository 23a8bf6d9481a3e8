import CherryCore
import CherryVault
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Synchronization
import Testing

/// A client with a cookie jar of one.
final class Visitor: Sendable {
    let client: any TestClientProtocol
    let stage: Stage
    private let cookie = Mutex<String?>(nil)

    /// Keys of the passphrase in tests: any bytes do, as the server never sees a passphrase.
    static let login: JSONObject = Visitor.keys(1)
    static let wrongLogin: JSONObject = Visitor.keys(9)
    static let kdf: JSONValue = .object([
        "algorithm": .string("pbkdf2-sha256"), "iterations": .integer(600_000),
        "salt": .string(Base64URL.encode([UInt8](repeating: 7, count: 16))),
    ])

    init(client: any TestClientProtocol, stage: Stage) {
        self.client = client
        self.stage = stage
    }

    /// The two keys of a passphrase that is told apart from others by a number.
    static func keys(_ seed: UInt8) -> JSONObject {
        [
            "authKey": .string(Base64URL.encode([UInt8](repeating: seed, count: 32))),
            "unsealKey": .string(Base64URL.encode([UInt8](repeating: seed &+ 100, count: 32))),
        ]
    }

    /// Another client of the same server.
    func another() -> Visitor { Visitor(client: self.client, stage: self.stage) }

    var cookieValue: String? {
        get { self.cookie.withLock { $0 } }
        set { self.cookie.withLock { $0 = newValue } }
    }

    /// Sends a request as the web app does, and takes a cookie that comes back.
    @discardableResult
    func call(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ body: JSONValue? = nil,
        headers extra: HTTPFields = [:]
    ) async throws -> Answer {
        let data = try body.map { try JSONEncoder().encode($0) }
        return try await self.send(method, path, data.map { ByteBuffer(bytes: $0) }, headers: extra)
    }

    /// Sends any bytes. A header given with an empty value is left out.
    @discardableResult
    func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ body: ByteBuffer? = nil,
        headers extra: HTTPFields = [:]
    ) async throws -> Answer {
        var headers: HTTPFields = [:]
        if method != .get, method != .head { headers[HTTPField.Name("X-Cherry")!] = "1" }
        if body != nil { headers[.contentType] = "application/json" }
        if let cookie = self.cookieValue { headers[.cookie] = cookie }
        for field in extra { headers[field.name] = field.value.isEmpty ? nil : field.value }
        let response = try await self.client.execute(uri: path, method: method, headers: headers, body: body)
        for set in response.headers[values: .setCookie] {
            let pair = set.prefix { $0 != ";" }
            self.cookieValue = pair.hasSuffix("=") ? nil : String(pair)
        }
        return Answer(response)
    }

    /// Makes the vault and returns the recovery code.
    @discardableResult
    func setUp() async throws -> String {
        var body = Self.login
        body["kdf"] = Self.kdf
        let answer = try await self.call(.post, "/api/v1/setup", .object(body))
        #expect(answer.status == .created)
        return answer["recoveryCode"].text
    }

    @discardableResult
    func unlock(_ keys: JSONObject = Visitor.login) async throws -> Answer {
        try await self.call(.post, "/api/v1/unlock", .object(keys))
    }

    /// Makes a conversation and returns its envelope.
    func makeConversation(title: String = "Plans") async throws -> Answer {
        let answer = try await self.call(.post, "/api/v1/conversations", .object(["title": .string(title)]))
        #expect(answer.status == .created)
        return answer
    }
}
