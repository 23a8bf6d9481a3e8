import Foundation

/// How many files and connections the process may have open.
enum OpenFiles {
    /// Asks for as many as the system allows: each stream takes two, and a shell's usual limit is 1,024.
    static func allowAsManyAsPossible() {
        var limit = rlimit()
        let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(kind, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
        limit.rlim_cur = limit.rlim_max
        // Without it fewer streams can be open; that is no reason not to serve.
        _ = setrlimit(kind, &limit)
    }
}
