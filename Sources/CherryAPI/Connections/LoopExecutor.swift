import NIOCore
import Synchronization

/// Runs tasks on an event loop, for what never waits for a disk or computes for long: nothing then changes threads between
/// reading a request and writing its answer.
final class LoopExecutor: TaskExecutor {
    private let eventLoop: any EventLoop
    /// How many requests are being answered. For use on the event loop.
    let requests: NIOLoopBoundBox<Int>

    init(_ eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        self.requests = .makeBoxSendingValue(0, eventLoop: eventLoop)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        self.eventLoop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

/// One executor for each event loop that has connections.
// Kept for good, because the event loops are.
final class LoopExecutors: Sendable {
    private let executors = Mutex<[ObjectIdentifier: LoopExecutor]>([:])

    subscript(eventLoop: any EventLoop) -> LoopExecutor {
        self.executors.withLock { executors in
            let id = ObjectIdentifier(eventLoop)
            if let known = executors[id] { return known }
            let executor = LoopExecutor(eventLoop)
            executors[id] = executor
            return executor
        }
    }
}
