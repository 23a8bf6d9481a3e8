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

    /// The helper as it is installed beside the program, `libexec/swift-backtrace-static`; `nil` where there is none and the
    /// runtime looks in its own folder.
    public static var installedHelper: String? {
        Self.program.flatMap { program in
            let folder = URL(filePath: program).deletingLastPathComponent().deletingLastPathComponent()
            let helper = folder.appending(path: "libexec/swift-backtrace-static").path
            return FileManager.default.isExecutableFile(atPath: helper) ? helper : nil
        }
    }

    /// By its own path rather than by the link, which would become the name of the process.
    private static var program: String? {
        // Unreadable: then nothing is known of it.
        try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    }

    /// Begins the program anew with a crash log, unless it has been or somebody chose settings of their own.
    ///
    /// To be called first of all, before a thread is started or a file opened. Returns when nothing is to be done or can be
    /// done; then a crash is told of without its calls.
    public static func begin(log: String, helper: String? = nil) {
        let (name, setting) = ("SWIFT_BACKTRACE", Self.setting(log: log, helper: helper))
        if let now = getenv(name) {
            // It has been read; programs that this one starts must not write where this one would.
            if String(cString: now) == setting { unsetenv(name) }
            return
        }
        guard !log.contains(","), helper?.contains(",") != true, let program = Self.program else { return }
        setenv(name, setting, 1)
        var arguments: [UnsafeMutablePointer<CChar>?] = CommandLine.arguments.map { strdup($0) }
        arguments.append(nil)
        execv(program, arguments)
        // Only reached when the program could not be begun anew.
        unsetenv(name)
        for argument in arguments { free(argument) }
    }
}
