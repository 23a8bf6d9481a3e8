import CherryCore
import Runtime
import Synchronization

/// The stack of the caller: its addresses at once, its names when somebody has time.
struct StackCapture: Sendable {
    private let backtrace: Backtrace

    /// Where libraries lie in memory; read once, since nothing is loaded later.
    private static let images = Mutex<ImageMap?>(nil)

    /// Notes the stack; `nil` where the runtime cannot walk it.
    @inline(never)
    init?() {
        let images = Self.images.withLock { images in
            if images == nil { images = ImageMap.capture() }
            return images
        }
        // A stack that cannot be walked is no reason to report nothing.
        guard let backtrace = try? Backtrace.capture(limit: 64, images: images) else { return nil }
        self.backtrace = backtrace
    }

    /// The calls within the program, the oldest first, without what the language put between them.
    func frames(_ symbols: ProgramSymbols?) -> [SentryFrame] {
        guard let symbols else { return [] }
        var frames: [SentryFrame] = []
        for frame in self.backtrace.frames {
            switch frame {
            case .programCounter, .returnAddress, .asyncResumePoint:
                guard let address = UInt64(frame.adjustedProgramCounter), let named = symbols.frame(at: address) else {
                    continue
                }
                frames.append(named)
            case .omittedFrames, .truncated: continue
            @unknown default: continue
            }
        }
        return frames.reversed()
    }
}
