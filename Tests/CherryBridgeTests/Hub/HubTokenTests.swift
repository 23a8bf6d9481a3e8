import CherryCore
import Synchronization
import Testing

@testable import CherryBridge

@Suite("The hub: tokens of the bridge")
struct HubTokenTests {
    private let fixture = GatewayFixture()

    private func know(_ tokens: BridgeToken...) {
        self.fixture.gateway.update(GatewayCatalogue(members: [], tokens: tokens))
    }

    private func grant(_ text: String) async throws -> HubGrant? {
        let authorizer: any HubAuthorizer = self.fixture.gateway
        return try await authorizer.authorize(Secret(text))
    }

    @Test("A token is known by what it is, and its access to the context decides whether it reads")
    func known() async throws {
        let (text, reader) = GatewayFixture.token { $0.contextAccess = .read }
        let (other, plain) = GatewayFixture.token()
        self.know(reader, plain)
        #expect(try await self.grant(text) == HubGrant(id: reader.id.description, mayReadContext: true))
        #expect(try await self.grant(other) == HubGrant(id: plain.id.description, mayReadContext: false))
        #expect(try await self.grant(GatewayFixture.token().text) == nil)
        #expect(try await self.grant("") == nil)
    }

    @Test("A token that expired, was revoked, or lost its right to read holds no more")
    func endings() async throws {
        let (text, token) = GatewayFixture.token { $0.contextAccess = .read }
        self.know(token)
        let known = try await self.grant(text)
        let grant = try #require(known)
        #expect(await self.fixture.gateway.isValid(grant))
        var changed = token
        changed.contextAccess = .none
        self.know(changed)
        #expect(await !self.fixture.gateway.isValid(grant))
        changed = token
        changed.expiresAt = self.fixture.notes.withLock { $0.now }
        self.know(changed)
        #expect(await !self.fixture.gateway.isValid(grant))
        #expect(try await self.grant(text) == nil)
        self.know()
        #expect(await !self.fixture.gateway.isValid(grant))
    }

    @Test("While the vault is locked nobody knows a token, and a token that comes too often is told so")
    func refusals() async throws {
        let (text, token) = GatewayFixture.token { $0.requestsPerMinute = 1 }
        await #expect { try await self.grant(text) } throws: { ($0 as? BridgeError)?.code == .sealed }
        self.know(token)
        _ = try await self.grant(text)
        await #expect { try await self.grant(text) } throws: { ($0 as? BridgeError)?.code == .rateLimited }
    }
}
