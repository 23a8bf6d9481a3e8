import CherryObservability
import Testing

@Suite("Identity of the service")
struct ServiceIdentityTests {
    @Test("A release has the program's name and version")
    func release() {
        let identity = ServiceIdentity(
            service: "cherry",
            version: "0.1.0",
            role: "all",
            environment: "production",
            instance: "a"
        )
        #expect(identity.release == "cherry@0.1.0")
    }
}
