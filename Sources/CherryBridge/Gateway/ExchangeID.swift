import Foundation
import Synchronization

/// Names exchanges.
public enum ExchangeID {
    private static let digits = Array("0123456789abcdefghijklmnopqrstuv".utf8)
    private static let length = 24
    /// Unpredictable bytes of the system, fetched for many names at once. `getentropy` gives so many at a time.
    private static let entropy = Mutex(ArraySlice<UInt8>())
    private static let entropyLength = 240

    /// 24 letters and digits with 120 unpredictable bits.
    public static func make() -> String {
        let bytes = self.entropy.withLock { entropy in
            if entropy.count < self.length { entropy = self.fetch() }
            defer { entropy.removeFirst(self.length) }
            return entropy.prefix(self.length)
        }
        return String(unsafeUninitializedCapacity: self.length) { buffer in
            for (place, byte) in bytes.enumerated() { buffer[place] = self.digits[Int(byte & 31)] }
            return self.length
        }
    }

    private static func fetch() -> ArraySlice<UInt8> {
        var bytes = [UInt8](repeating: 0, count: self.entropyLength)
        let outcome = bytes.withUnsafeMutableBytes { getentropy($0.baseAddress!, $0.count) }
        guard outcome == 0 else { fatalError("The system gives no random numbers: \(errno)") }
        return bytes[...]
    }
}
