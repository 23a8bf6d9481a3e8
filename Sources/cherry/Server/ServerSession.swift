import CherryApp
import CherryCore
import CherryNet
import CherryVault
import Foundation

/// A conversation with the server: the one that runs, or one that lives as long as the command.
final class ServerSession {
    private let address: String
    private let processID: Int32?
    private let transport: HTTPTransport
    private var cookie: String?

    private init(address: String, processID: Int32?, transport: HTTPTransport) {
        self.address = address
        self.processID = processID
        self.transport = transport
    }

    /// The server that runs on the data directory of the settings.
    ///
    /// - Throws: `CommandError` with code `unreachable` when none runs.
    static func running() async throws -> ServerSession {
        let settings = try await Settings.load()
        guard let server = DataDirectory.runningServer(in: settings.dataDirectory) else {
            throw CommandError(
                "unreachable",
                "No server runs on \(settings.dataDirectory).",
                hint: "Start it with: cherry serve"
            )
        }
        return ServerSession(address: server.address, processID: server.processID, transport: HTTPTransport())
    }

    /// Talks to the running server, or to one that is started inside this process and ends with `body`.
    static func withServer(_ body: @escaping @Sendable (ServerSession) async throws -> Void) async throws {
        var settings = try await Settings.load()
        if DataDirectory.runningServer(in: settings.dataDirectory) != nil {
            let session = try await Self.running()
            return try await session.run(body)
        }
        settings.host = "127.0.0.1"
        settings.port = 0
        settings.publicURL = nil
        settings.tlsCertificate = nil
        settings.tlsKey = nil
        settings.logLevel = "error"
        try await CherryServer(settings).runWhile { address in
            let session = ServerSession(address: address, processID: nil, transport: HTTPTransport())
            try await session.run(body)
        }
    }

    private func run(_ body: (ServerSession) async throws -> Void) async throws {
        do {
            try await body(self)
        } catch {
            // The first error is the one to report; a session that cannot be ended expires.
            try? await self.logOut()
            throw error
        }
        try await self.logOut()
    }

    /// What the server says without a log-in.
    func status() async throws -> StatusAnswer {
        try await self.call("GET", "/api/v1/status")
    }

    /// Derives the keys of `passphrase` and unlocks with them.
    ///
    /// - Returns: the keys, for requests that ask for them again.
    @discardableResult
    func logIn(_ passphrase: Secret<String>) async throws -> LoginKeys {
        guard let kdf = try await self.status().kdf else {
            throw CommandError("uninitialized", "There is no vault yet.", hint: "Create it with: cherry vault init")
        }
        let login = try await LoginKeys.derive(passphrase: passphrase, kdf: kdf)
        try await self.call("POST", "/api/v1/unlock", body: .login(login))
        return login
    }

    /// Ends the session, if there is one. The vault stays as it is.
    func logOut() async throws {
        guard self.cookie != nil else { return }
        try await self.call("POST", "/api/v1/logout")
        self.cookie = nil
    }

    /// Sends a signal to the server's process.
    func signal(_ signal: Int32) throws {
        guard let processID, kill(processID, signal) == 0 else {
            throw CommandError("unreachable", "The server's process cannot be signalled.")
        }
    }

    /// Returns when the vault is in `state`, at the latest after five seconds.
    func wait(for state: String) async throws {
        for _ in 0..<100 {
            if try await self.status().vault == state { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw CommandError("timedOut", "The vault is not \(state) after five seconds.")
    }

    /// Makes a request whose answer does not matter.
    func call(_ method: String, _ path: String, body: RequestBody? = nil) async throws {
        _ = try await self.send(method, path, body: body)
    }

    /// Makes a request.
    ///
    /// - Throws: `CommandError` with the server's code, message and hint.
    func call<Answer: Decodable>(
        _ method: String,
        _ path: String,
        body: RequestBody? = nil
    ) async throws -> Answer {
        let data = try await self.send(method, path, body: body)
        do {
            return try JSONDecoder().decode(Answer.self, from: data)
        } catch {
            throw CommandError(
                "garbled",
                "The server's answer to \(method) \(path) is not understood.",
                hint: "Are the server and this program of the same version?"
            )
        }
    }

    private func send(_ method: String, _ path: String, body: RequestBody?) async throws -> Data {
        guard let verb = OutgoingRequest.Method(rawValue: method) else {
            throw CommandError("invalid", "\(method) is not a method that a request can have.")
        }
        var headers = [("X-Cherry", "1")]
        if let cookie { headers.append(("Cookie", cookie)) }
        var bytes: [UInt8]?
        if let body {
            headers.append(("Content-Type", "application/json"))
            bytes = JSONValue.object(body.fields).bytes
        }
        let response = try await self.transport.send(
            OutgoingRequest(
                verb,
                self.address + path,
                headers: headers,
                body: bytes,
                reach: .anywhere
            )
        )
        let data = Data(try await response.body.collect(upTo: 16 << 20))
        if let set = response.header("Set-Cookie"), let pair = set.split(separator: ";").first {
            self.cookie = pair.hasSuffix("=") ? nil : String(pair)
        }
        guard response.status < 400 else {
            guard let refusal = try? JSONDecoder().decode(ErrorAnswer.self, from: data) else {
                throw CommandError("garbled", "The server answered \(method) \(path) with status \(response.status).")
            }
            throw CommandError(refusal.error.code, refusal.error.message, hint: refusal.error.hint)
        }
        return data
    }
}
