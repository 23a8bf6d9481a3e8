import CherryCore
import Foundation
import Testing

@testable import CherryBridge

@Suite("AWS signatures")
struct AWSSignatureTests {
    private static let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
    private static let token =
        "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8Y"
        + "UuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE"
        + "8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2"
        + "ICCR/oLxBA=="
    private static let unreserved =
        "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

    /// Cases of the test suite that AWS publishes for signature version 4, by their names there.
    @Test(
        "The published test suite",
        arguments: [
            ("get-vanilla", "GET", "", [], "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
            (
                "get-vanilla-query-order-key-case", "GET", "?Param2=value2&Param1=value1", [], "",
                "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"
            ),
            (
                "get-vanilla-query-unreserved", "GET", "?\(unreserved)=\(unreserved)", [], "",
                "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"
            ),
            (
                "get-header-value-trim", "GET", "", [("My-Header1", " value1"), ("My-Header2", "  \"a   b   c\"")], "",
                "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"
            ),
            ("post-vanilla", "POST", "", [], "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
            (
                "post-x-www-form-urlencoded", "POST", "", [("Content-Type", "application/x-www-form-urlencoded")],
                "Param1=value1", "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"
            ),
        ] as [(String, String, String, [(String, String)], String, String)]
    )
    func suite(
        name: String,
        method: String,
        query: String,
        headers: [(String, String)],
        body: String,
        signature: String
    ) throws {
        let signed = self.sign(method, "https://example.amazonaws.com/\(query)", headers, body)
        let value = try #require(signed.last?.value)
        #expect(signed.map(\.name) == ["X-Amz-Date", "Authorization"])
        #expect(signed.first?.value == "20150830T123600Z")
        #expect(value.hasSuffix("Signature=\(signature)"), "\(name): \(value)")
        #expect(
            value.hasPrefix("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, Signed")
        )
    }

    @Test("The published test suite: a session token is sent and signed")
    func sessionToken() {
        let signed = self.sign("POST", "https://example.amazonaws.com/", [], "", token: Self.token)
        #expect(signed.map(\.name) == ["X-Amz-Date", "X-Amz-Security-Token", "Authorization"])
        #expect(signed[1].value == Self.token)
        #expect(
            signed[2].value
                == "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
                + "SignedHeaders=host;x-amz-date;x-amz-security-token, "
                + "Signature=85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead"
        )
    }

    /// Signatures that the Python SDK of AWS (botocore 1.44.8) makes of the same requests.
    @Test(
        "Requests to Bedrock are signed as the SDK of AWS signs them",
        arguments: [
            (
                "https://bedrock-runtime.eu-central-1.amazonaws.com/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse-stream",
                "eu-central-1", #"{"messages":[]}"#, nil,
                "3be4d9ec1a6904a82f08186d479c005937dc66b2bfdeb1ef49e74a0bcde006bd"
            ),
            (
                "https://bedrock-runtime.eu-central-1.amazonaws.com/model/arn%3Aaws%3Abedrock%3Aeu-central-1%3A1%3Ainference-profile%2Fx/converse",
                "eu-central-1", #"{"k":"Kirsche 🍒"}"#, "AQoDYXdz//token==",
                "8e69bd4b402dff8175f06deafa60d7fa46f64debfe581175dc17f48b6a2df423"
            ),
            (
                "http://127.0.0.1:8080/model/m/converse?b=2&a=%2F1&a=0", "us-east-1", "", nil,
                "dfefeab89765a1ee5a73191593845fcce009419b5ac43ccea7fb3fe884f97876"
            ),
        ] as [(String, String, String, String?, String)]
    )
    func bedrock(url: String, region: String, body: String, token: String?, signature: String) {
        let signed = AWSSignature(
            credentials: Self.credentials(token),
            region: region,
            service: "bedrock",
            date: Date(timeIntervalSince1970: 1_777_863_721)
        ).headers(method: "POST", url: url, headers: [("Content-Type", "application/json")], body: Array(body.utf8))
        #expect(signed.first?.value == "20260504T030201Z")
        #expect(signed.last?.value.hasSuffix("Signature=\(signature)") == true)
    }

    @Test(
        "The host is signed as it is sent: in small letters, with a port that is not the scheme's",
        arguments: [
            ("https://Example.COM:443/a", "example.com"), ("http://e.com:80", "e.com"),
            ("http://e.com:443/", "e.com:443"),
            ("https://e.com?x=1", "e.com"), ("http://[::1]:8080/a", "[::1]:8080"),
        ]
    )
    func host(url: String, host: String) { #expect(AWSSignature.Address(url).host == host) }

    @Test("Paths are encoded once more, parameters sorted")
    func address() {
        let address = AWSSignature.Address("https://e.com/a%3A0/b//c?z&b=2=3&b=1")
        #expect(address.canonicalPath == "/a%253A0/b//c")
        #expect(address.canonicalQuery == "b=1&b=2=3&z=")
        #expect(AWSSignature.Address("https://e.com").canonicalPath == "/")
    }

    @Test("Secrets are not printed")
    func secrecy() {
        let credentials = Self.credentials("token")
        #expect(!"\(credentials)".contains(Self.secret))
        #expect(!String(reflecting: credentials).contains("token\""))
    }

    private static func credentials(_ token: String?) -> AWSCredentials {
        AWSCredentials(
            accessKeyID: "AKIDEXAMPLE",
            secretAccessKey: Secret(self.secret),
            sessionToken: token.map { Secret($0) }
        )
    }

    private func sign(
        _ method: String,
        _ url: String,
        _ headers: [(String, String)],
        _ body: String,
        token: String? = nil
    ) -> [(name: String, value: String)] {
        AWSSignature(
            credentials: Self.credentials(token),
            region: "us-east-1",
            service: "service",
            date: Date(timeIntervalSince1970: 1_440_938_160)
        ).headers(method: method, url: url, headers: headers.map { (name: $0.0, value: $0.1) }, body: Array(body.utf8))
    }
}
