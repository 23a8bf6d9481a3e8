import ArgumentParser
import CherryCore
import Foundation

/// Turns errors into words on standard error and an exit status of `sysexits.h`.
enum Failure {
    /// Says what failed, why, and what mends it; ends the process.
    static func exit(for error: any Error) -> Never {
        guard let error = error as? any CherryError else { Cherry.exit(withError: error) }
        var text = "cherry: \(error.message)\n"
        if let hint = error.hint { text += "  \(hint)\n" }
        FileHandle.standardError.write(Data(text.utf8))
        Foundation.exit(self.status(for: error.codeName))
    }

    private static func status(for code: String) -> Int32 {
        switch code {
        case "invalidSetting", "invalid", "malformedRecoveryCode", "notFound": EX_USAGE
        case "tampered", "damaged", "damagedHeader", "tooNew", "undecodable": EX_DATAERR
        case "wrongPassphrase", "wrongRecoveryCode", "unauthenticated", "tooManyAttempts", "sealed": EX_NOPERM
        case "unavailable", "inUse", "unreachable", "timedOut": EX_UNAVAILABLE
        case "diskFull": EX_IOERR
        case "noTerminal": EX_NOINPUT
        default: EX_SOFTWARE
        }
    }
}

/// A failure of the command line's own.
struct CommandError: CherryError {
    let codeName: String
    let message: String
    let hint: String?

    init(_ codeName: String, _ message: String, hint: String? = nil) {
        self.codeName = codeName
        self.message = message
        self.hint = hint
    }
}
