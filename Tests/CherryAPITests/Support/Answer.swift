import CherryCore
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore

/// What came back.
struct Answer: Sendable {
    let status: HTTPResponse.Status
    let headers: HTTPFields
    let body: ByteBuffer
    /// The body as JSON; `null` when it is not.
    let json: JSONValue

    init(_ response: TestResponse) {
        self.status = response.status
        self.headers = response.headers
        self.body = response.body
        self.json = (try? JSONDecoder().decode(JSONValue.self, from: Data(response.body.readableBytesView))) ?? .null
    }

    var text: String { String(buffer: self.body) }
    /// The code of an error.
    var code: String { self["error"]["code"].text }
    /// The message of an error.
    var message: String { self["error"]["message"].text }

    subscript(key: String) -> JSONValue { self.json[key] }
}
