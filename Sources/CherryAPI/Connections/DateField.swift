import Foundation
import Synchronization

/// The value of the field `Date`: the time in the words of RFC 9110, section 5.6.7, put together once a second.
final class DateField: Sendable {
    private let last = Mutex<(second: time_t, text: String)>((-1, ""))

    var now: String {
        var second = time(nil)
        return self.last.withLock { last in
            guard second != last.second else { return last.text }
            var parts = tm()
            guard gmtime_r(&second, &parts) != nil else { return last.text }
            // The process never leaves the C locale, in which the names are English.
            let text = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
                _ = strftime(buffer.baseAddress!, buffer.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
                return String(cString: buffer.baseAddress!)
            }
            last = (second, text)
            return text
        }
    }
}
