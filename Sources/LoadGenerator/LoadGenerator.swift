import Foundation
import NIOCore
import NIOPosix

/// Puts a server on loopback under load and measures. Reads one job a line, in JSON, and prints one result a line.
///
/// Members of a job: `port`, `path`, `headers`, `body`, `mode` (`loop` or `hold`), `concurrency`, `seconds`, `warmup`,
/// `count`. For benchmarks.
@main
struct LoadGenerator {
    /// How long a run may take to open what it is to hold, in seconds.
    private static let openingSeconds = 60.0

    static func main() async throws {
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
            limit.rlim_cur = limit.rlim_max
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        while let line = readLine() {
            let result = try await self.perform(Job(parsing: line), on: group.next())
            FileHandle.standardOutput.write(Data((result + "\n").utf8))
        }
        try await group.shutdownGracefully()
    }

    private static func perform(_ job: Job, on loop: any EventLoop) async throws -> String {
        try await loop.flatSubmit {
            let run = Run(job, on: loop)
            if job.mode == .hold { run.giveUp(after: self.openingSeconds) }
            let bound = NIOLoopBound(run, eventLoop: loop)
            return run.start().map { bound.value.tally.line(seconds: max(bound.value.seconds, 1e-9)) }
        }.get()
    }
}
