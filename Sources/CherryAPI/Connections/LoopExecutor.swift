import NIOCore

/// Runs tasks on a connection's event loop, for what never waits for a disk or computes for long: nothing then changes
/// threads between reading a request and writing its answer.
// Unowned references to it are held by tasks that its owner waits for.
final class LoopExecutor: TaskExecutor {
    private let eventLoop: any EventLoop

    init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        self.eventLoop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
