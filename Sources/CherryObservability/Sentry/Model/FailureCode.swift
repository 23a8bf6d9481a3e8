import CherryCore

/// What went wrong, as one of a closed set: the codes of our errors, each with a sentence of its own.
///
/// An error's own message may name a host, a model or a file, so it never leaves; this sentence does instead.
public struct FailureCode: Sendable, Hashable {
    /// The code: `diskFull`.
    public let name: String
    /// What it means, in words that are the same for everybody.
    public let sentence: String

    /// The code of an error; `unexpected` for one that is not ours, `unlisted` for a code that is not in the set.
    public init(of error: any Error) {
        self.init(name: (error as? any CherryError)?.codeName ?? "unexpected")
    }

    /// A code by its name; `unlisted` when it is not in the set.
    public init(name: String) {
        if let sentence = Self.sentences[name] {
            (self.name, self.sentence) = (name, sentence)
        } else {
            (self.name, self.sentence) = ("unlisted", "An error with a code that the catalogue does not have.")
        }
    }

    /// Every code that can be sent.
    public static var all: Set<String> { Set(self.sentences.keys) }

    private static let sentences: [String: String] = [
        // Not an error of ours.
        "unexpected": "An error that the program did not expect.",
        "unlisted": "An error with a code that the catalogue does not have.",
        "crashed": "The program crashed.",
        "killed": "The program ended without a word: it was killed, or the machine lost power.",
        // In the page.
        "pageError": "An error in the page that nothing caught.",
        "pageRejection": "A promise in the page failed and nothing caught it.",
        "pageBroken": "A part of the page could not be shown.",
        "offline": "The server could not be reached from the page.",
        // The vault.
        "sealed": "The vault was locked.",
        "uninitialized": "The vault was not set up.",
        "alreadyInitialized": "The vault was set up already.",
        "wrongPassphrase": "The passphrase was wrong.",
        "wrongRecoveryCode": "The recovery code was wrong.",
        "malformedRecoveryCode": "The recovery code was malformed.",
        "weakKDF": "The key derivation was too weak.",
        "weakPassphrase": "The passphrase was too weak.",
        "tampered": "Stored data is not what was written.",
        "slotNotFound": "There is no such key slot.",
        "lastSlot": "The last key slot cannot be removed.",
        "machineKeyUnavailable": "The machine's key is not available.",
        "rotationRunning": "A rotation is running.",
        "keyExhausted": "A key has been used too often.",
        "unknownKey": "A record is sealed under an unknown key.",
        "damagedHeader": "The vault's header is damaged.",
        // The store.
        "conflict": "A record was changed by somebody else.",
        "notFound": "There is no such record.",
        "damaged": "The database is damaged.",
        "undecodable": "A record could not be decoded.",
        "tooNew": "The data is of a newer version.",
        "unavailable": "A service was not available.",
        "diskFull": "The disk is full.",
        "inUse": "Another process uses the data.",
        // Models and other servers.
        "invalid": "A request was invalid.",
        "tooManyReplies": "Too many replies at once.",
        "unreachable": "A server could not be reached.",
        "timedOut": "A server did not answer in time.",
        "unauthorized": "A server refused the key.",
        "rateLimited": "A server asked for fewer requests.",
        "refused": "A server refused the request.",
        "unknownModel": "A server does not know the model.",
        "overloaded": "A server was overloaded.",
        "garbled": "A server's answer could not be read.",
        "cutOff": "An answer was cut off.",
        "contextTooLong": "A context was too long for its model.",
        "localModelMissing": "The local model is not installed.",
        "localModelFailed": "The local model failed.",
        "unsupported": "A feature is not supported.",
        "denied": "Something was not allowed.",
        // The network.
        "invalidAddress": "An address is none.",
        "forbiddenAddress": "An address may not be reached.",
        "untrusted": "A server could not prove who it is.",
        "connectTimedOut": "A connection took too long.",
        "firstByteTimedOut": "An answer did not begin in time.",
        "stalled": "An answer stopped in its middle.",
        "tookTooLong": "An answer took longer than allowed.",
        "connectionLost": "A connection broke.",
        "tooLarge": "Something was larger than allowed.",
        "closed": "Something was used after its end.",
        // Settings and commands.
        "invalidSetting": "A setting is invalid.",
        "noTerminal": "There is no terminal.",
        // The journal and where it leads.
        "journalFull": "There was no room in the journal.",
        "recordTooLarge": "A record was too large for the journal.",
        "wrongKey": "The journal was sealed under another key.",
        "invalidName": "A destination's name was malformed.",
        "tooManyDestinations": "There were too many destinations.",
        "unknownDestination": "There was no such destination.",
        "unknownRecord": "There was no such record.",
        "invalidTarget": "A destination's settings were invalid.",
        "unreadable": "What was stored could not be read.",
        // Sentry itself.
        "invalidDSN": "The DSN is none.",
        "malformedEnvelope": "An envelope is malformed.",
        "uploadRefused": "An upload was refused.",
        "invalidUpload": "An upload could not be made.",
    ]
}
