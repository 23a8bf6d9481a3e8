import Foundation

/// What the kernel says about this process.
///
/// Source: proc(5), `/proc/self/stat` and `/proc/stat`.
struct ProcessStatus: Sendable, Hashable {
    /// Of user and system together.
    let cpuSeconds: Double
    let threads: Int
    let virtualBytes: Double
    let residentBytes: Double
    /// Seconds since 1970.
    let startTime: Double

    /// Reads the kernel's text.
    ///
    /// - Parameters:
    ///   - stat: `/proc/self/stat`.
    ///   - systemStat: `/proc/stat`, which has the time of the start of the system.
    /// - Returns: `nil` when a figure is missing.
    init?(stat: String, systemStat: String, ticksPerSecond: Double, pageSize: Double) {
        // The second field is the program's name, which may hold spaces and parentheses.
        guard let end = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: end)...].split(separator: " ").map { Double($0) }
        // The first of these is the third of proc(5).
        func field(_ number: Int) -> Double? { fields.indices.contains(number - 3) ? fields[number - 3] : nil }
        let bootLine = systemStat.split(separator: "\n").first { $0.hasPrefix("btime ") }
        guard let user = field(14), let system = field(15), let threads = field(20), let start = field(22),
            let virtualBytes = field(23), let pages = field(24),
            let boot = bootLine.flatMap({ Double($0.dropFirst(6)) }), ticksPerSecond > 0
        else { return nil }
        self.cpuSeconds = (user + system) / ticksPerSecond
        self.threads = Int(threads)
        self.virtualBytes = virtualBytes
        self.residentBytes = pages * pageSize
        self.startTime = boot + start / ticksPerSecond
    }

    /// Reads this process; `nil` where there is no `/proc`.
    static func current() -> ProcessStatus? {
        guard let stat = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8),  // absent: nothing to show
            let systemStat = try? String(contentsOfFile: "/proc/stat", encoding: .utf8)
        else { return nil }
        return ProcessStatus(
            stat: stat,
            systemStat: systemStat,
            ticksPerSecond: Double(sysconf(Int32(_SC_CLK_TCK))),
            pageSize: Double(sysconf(Int32(_SC_PAGESIZE)))
        )
    }
}
