import Dispatch
import Foundation
import Synchronization

/// Gathers lines and writes many of them at once to a file.
///
/// A line is written at the latest after `delay`, at once when it is urgent or much has been gathered, and by `flush`. A
/// process that is killed loses what it gathered in this time.
public final class LineOutput: Sendable {
    /// How long a line waits for others.
    private static let delay = DispatchTimeInterval.milliseconds(20)
    /// Bytes that are gathered at most.
    private static let limit = 32 << 10

    private struct State {
        var bytes: [UInt8] = []
        var isDue = false
        var second: time_t = -1
        /// What `second` is in words.
        var time: [UInt8] = []
    }

    private let file: Int32
    private let state = Mutex(State())

    /// - Parameter file: an open file; it is not closed.
    public init(file: Int32) { self.file = file }

    /// Adds a line and its end.
    ///
    /// - Parameter time: put in front in the machine's own time zone; `nil` when the line has its time itself.
    func write(_ line: [UInt8], at time: LogTime?, isUrgent: Bool) {
        let isFirst = self.state.withLock { state in
            if let time {
                Self.set(time_t(time.parts.seconds), in: &state)
                state.bytes += state.time
            }
            state.bytes += line
            state.bytes.append(0x0a)
            if isUrgent || state.bytes.count > Self.limit {
                self.flush(&state)
                return false
            }
            defer { state.isDue = true }
            return !state.isDue
        }
        guard isFirst else { return }
        DispatchQueue.global().asyncAfter(deadline: .now() + Self.delay) { self.flush() }
    }

    /// Writes what was gathered.
    public func flush() {
        self.state.withLock { state in
            state.isDue = false
            self.flush(&state)
        }
    }

    // The lock is held meanwhile, so that lines stay in order.
    private func flush(_ state: inout State) {
        var written = 0
        while written < state.bytes.count {
            let count = state.bytes.withUnsafeBytes { bytes in
                Foundation.write(self.file, bytes.baseAddress?.advanced(by: written), bytes.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }  // nobody can be told that the log cannot be written
            written += count
        }
        state.bytes.removeAll(keepingCapacity: true)
    }

    private static func set(_ second: time_t, in state: inout State) {
        guard second != state.second else { return }
        var second = second
        var parts = tm()
        guard localtime_r(&second, &parts) != nil else { return }
        state.second = second
        state.time = Array(unsafeUninitializedCapacity: 64) { buffer, count in
            count = buffer.withMemoryRebound(to: CChar.self) {
                strftime($0.baseAddress!, $0.count, "%Y-%m-%dT%H:%M:%S%z", &parts)
            }
        }
    }
}
