public import CherryCore
import Foundation

/// A moment in whole microseconds since 1970-01-01T00:00:00Z: lines come faster than milliseconds tell apart.
public struct LogTime: Sendable, Hashable, Comparable {
    public var microseconds: Int64

    public init(microseconds: Int64) { self.microseconds = microseconds }

    /// The current wall-clock time.
    public static var now: LogTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return LogTime(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }

    /// The same moment, to the millisecond.
    public var timestamp: Timestamp { Timestamp(milliseconds: self.microseconds.floored(by: 1000).quotient) }

    public static func < (lhs: LogTime, rhs: LogTime) -> Bool { lhs.microseconds < rhs.microseconds }

    /// Whole seconds since the epoch, and the microseconds after them.
    var parts: (seconds: Int64, microseconds: Int64) {
        let (seconds, rest) = self.microseconds.floored(by: 1_000_000)
        return (seconds, rest)
    }

    /// As RFC 3339 has it, in UTC with microseconds: `2026-01-31T12:00:00.000001Z`.
    public var text: String { String(decoding: self.bytes, as: UTF8.self) }

    /// `text` in UTF-8.
    var bytes: [UInt8] {
        let (seconds, fraction) = self.parts
        let (day, ofDay) = seconds.floored(by: 86_400)
        var bytes = Array(Timestamp.dateText(utcDay: day).utf8)
        bytes.reserveCapacity(27)
        for (mark, number) in [("T", ofDay / 3600), (":", ofDay / 60 % 60), (":", ofDay % 60)] {
            bytes += mark.utf8
            bytes.appendDigits(number, count: 2)
        }
        bytes.append(UInt8(ascii: "."))
        bytes.appendDigits(fraction, count: 6)
        bytes.append(UInt8(ascii: "Z"))
        return bytes
    }

    /// Reads what `text` writes, of the years 1970 to 9999; `nil` for anything else.
    public init?(text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 27, let day = Timestamp.utcDay(dateText: String(decoding: bytes[..<10], as: UTF8.self)),
            day >= 0
        else { return nil }
        let marks: [(Int, Character)] = [(10, "T"), (13, ":"), (16, ":"), (19, "."), (26, "Z")]
        guard marks.allSatisfy({ bytes[$0] == $1.asciiValue }),
            let hour = Self.number(bytes[11..<13], below: 24), let minute = Self.number(bytes[14..<16], below: 60),
            let second = Self.number(bytes[17..<19], below: 60),
            let fraction = Self.number(bytes[20..<26], below: 1_000_000)
        else { return nil }
        self.microseconds = (((day * 24 + hour) * 60 + minute) * 60 + second) * 1_000_000 + fraction
    }

    private static func number(_ digits: ArraySlice<UInt8>, below limit: Int64) -> Int64? {
        var value: Int64 = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            value = value * 10 + Int64(digit - 0x30)
        }
        return value < limit ? value : nil
    }
}

extension Int64 {
    /// The quotient rounded down and what is left, which is never negative.
    fileprivate func floored(by divisor: Int64) -> (quotient: Int64, rest: Int64) {
        let (quotient, rest) = self.quotientAndRemainder(dividingBy: divisor)
        return rest < 0 ? (quotient - 1, rest + divisor) : (quotient, rest)
    }
}

extension [UInt8] {
    fileprivate mutating func appendDigits(_ number: Int64, count: Int) {
        var divisor: Int64 = 1
        for _ in 1..<count { divisor *= 10 }
        while divisor > 0 {
            self.append(0x30 + UInt8(truncatingIfNeeded: number / divisor % 10))
            divisor /= 10
        }
    }
}
