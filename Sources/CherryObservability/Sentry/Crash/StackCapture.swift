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

    /// The calls, the oldest first, without what the language put between them. May take some milliseconds.
    ///
    /// - Parameter program: the name of the program, whose frames are ours.
    func frames(program: String) -> [SentryFrame] {
        guard let symbolicated = self.backtrace.symbolicated() else { return [] }
        var frames: [SentryFrame] = []
        for frame in symbolicated.frames where !frame.isSwiftThunk {
            guard let symbol = frame.symbol else { continue }
            let location = symbol.sourceLocation.flatMap { $0.line > 0 ? $0 : nil }
            frames.append(
                SentryFrame(
                    function: SymbolName(compiled: symbol.name),
                    module: SymbolName(compiled: symbol.imageName),
                    file: location.flatMap { SourceFile(source: $0.path) },
                    line: location?.line,
                    column: location?.column,
                    isOurs: symbol.imageName == program && !frame.isSystem
                        && location?.path.contains("/.build/") != true
                )
            )
        }
        return frames.reversed()
    }
}
