import CherryApp
import Configuration
import Testing

@Suite("Settings")
struct SettingsTests {
    static func settings(_ values: [String: String]) throws -> Settings {
        var values = values
        values["HOME"] = values["HOME"] ?? "/home/somebody"
        return try Settings(
            from: ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: values))
        )
    }

    @Test("With no settings everything has a default")
    func defaults() throws {
        let settings = try Self.settings([:])
        #expect(settings.dataDirectory == "/home/somebody/.local/share/cherry")
        #expect(settings.host == "127.0.0.1")
        #expect(settings.port == 8000)
        #expect(settings.localContext == 4096)
        #expect(settings.localIdle == .seconds(300))
        #expect(settings.keyFile == nil)
    }

    @Test("The environment's names are those of the documentation")
    func environment() throws {
        let settings = try Self.settings([
            "CHERRY_DATA": "/srv/cherry", "CHERRY_HOST": "::1", "CHERRY_PORT": "0", "CHERRY_WEB_ROOT": "/srv/web",
            "CHERRY_PUBLIC_URL": "https://cherry.example.org", "CHERRY_LOCAL_SERVER": "/opt/llama-server",
            "CHERRY_LOCAL_MODEL": "/opt/model.gguf", "CHERRY_LOCAL_CONTEXT": "2048", "CHERRY_LOCAL_IDLE_MINUTES": "1",
            "CHERRY_KEY_FILE": "/etc/cherry.key", "CHERRY_LOG_LEVEL": "debug", "XDG_DATA_HOME": "/data",
        ])
        #expect(settings.dataDirectory == "/srv/cherry")
        #expect(settings.host == "::1")
        #expect(settings.port == 0)
        #expect(settings.webRoot == "/srv/web")
        #expect(settings.publicURL == "https://cherry.example.org")
        #expect(settings.localServer == "/opt/llama-server")
        #expect(settings.localModel == "/opt/model.gguf")
        #expect(settings.localContext == 2048)
        #expect(settings.localIdle == .seconds(60))
        #expect(settings.keyFile == "/etc/cherry.key")
        #expect(settings.logLevel == "debug")
    }

    @Test(
        "Figures are served nowhere unless an address is named",
        arguments: ["127.0.0.1:9464", "[::1]:9464", "localhost:1"]
    )
    func metricsAddress(text: String) throws {
        #expect(try Self.settings([:]).metricsAddress == nil)
        let settings = try Self.settings(["CHERRY_METRICS_ADDRESS": text, "CHERRY_METRICS_TOKEN_FILE": "/run/token"])
        #expect(settings.metricsAddress?.description == text)
        #expect(settings.metricsTokenFile == "/run/token")
    }

    @Test(
        "A setting that makes no sense is named",
        arguments: [
            ("CHERRY_PORT", "http"), ("CHERRY_PORT", "70000"), ("CHERRY_LOCAL_CONTEXT", "1"),
            ("CHERRY_PUBLIC_URL", "cherry.example.org"), ("CHERRY_PUBLIC_URL", "ftp://cherry.example.org"),
            ("CHERRY_METRICS_ADDRESS", "9464"), ("CHERRY_METRICS_ADDRESS", "127.0.0.1:0"),
            ("CHERRY_METRICS_ADDRESS", ":9464"), ("CHERRY_METRICS_ADDRESS", "::1:9464"),
            ("CHERRY_METRICS_ADDRESS", "[host]:9464"), ("CHERRY_METRICS_ADDRESS", "http://localhost:9464"),
            ("CHERRY_PUBLIC_URL", "https://cherry.example.org/app"), ("CHERRY_LOG_LEVEL", "loud"),
        ]
    )
    func refused(name: String, value: String) throws {
        let error = try #require(throws: SettingsError.self) { try Self.settings([name: value]) }
        #expect(error.message.contains(name))
        #expect(error.hint != nil)
    }

    @Test("TLS needs both files")
    func tls() throws {
        let error = try #require(throws: SettingsError.self) {
            try Self.settings(["CHERRY_TLS_CERTIFICATE": "/etc/cert.pem"])
        }
        #expect(error.message.contains("certificate"))
    }
}
