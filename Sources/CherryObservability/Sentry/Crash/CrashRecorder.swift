import Foundation

/// Has the Swift runtime write down where the program crashes.
///
/// The runtime reads `SWIFT_BACKTRACE` when the program starts and never again, so the program begins anew, once, with the
/// variable set: the same process, with the same id and the same open files.
public enum CrashRecorder {
    /// What the runtime is told: the crashed thread's calls, as text, without registers and without the images of memory that
    /// the form in JSON would add.
    ///
    /// - Parameters:
    ///   - log: where to write; a path without commas.
    ///   - helper: the program `swift-backtrace-static`, where the runtime would not find it by itself.
    static func setting(log: String, helper: String?) -> String {
        var parts = [
            "enable=yes", "output-to=\(log)", "format=text", "color=no", "interactive=no", "threads=crashed",
            "registers=none", "images=none", "sanitize=yes", "limit=64",
        ]
        if let helper { parts.append("swift-backtrace=\(helper)") }
        return parts.joined(separator: ",")
    }

    /// Begins the program anew with a crash log, unless it has been or somebody chose settings of their own.
    ///
    /// To be called first of all, before a thread is started or a file opened. Returns when nothing is to be done or can be
    /// done; then a crash is told of without its calls.
    public static func begin(log: String, helper: String? = nil) {
        let name = "SWIFT_BACKTRACE"
        // By its own path rather than by the link, which would become the name of the process.
        guard getenv(name) == nil, !log.contains(","), helper?.contains(",") != true,
            let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        else { return }
        setenv(name, Self.setting(log: log, helper: helper), 1)
        var arguments: [UnsafeMutablePointer<CChar>?] = CommandLine.arguments.map { strdup($0) }
        arguments.append(nil)
        execv(program, arguments)
        // Only reached when the program could not be begun anew.
        unsetenv(name)
        for argument in arguments { free(argument) }
    }
}
