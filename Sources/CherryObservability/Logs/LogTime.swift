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
    public var text: String {
        var bytes: [UInt8] = []
        self.write(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends `text` in UTF-8.
    func write(to bytes: inout [UInt8]) {
        let (seconds, fraction) = self.parts
        let (day, ofDay) = seconds.floored(by: 86_400)
        Timestamp.writeDate(utcDay: day, to: &bytes)
        bytes.append(UInt8(ascii: "T"))
        bytes.appendDigits(ofDay / 3600, count: 2)
        bytes.append(UInt8(ascii: ":"))
        bytes.appendDigits(ofDay / 60 % 60, count: 2)
        bytes.append(UInt8(ascii: ":"))
        bytes.appendDigits(ofDay % 60, count: 2)
        bytes.append(UInt8(ascii: "."))
        bytes.appendDigits(fraction, count: 6)
        bytes.append(UInt8(ascii: "Z"))
    }

    /// Reads what `text` writes, of the years 1970 to 9999; `nil` for anything else.
    public init?(text: ArraySlice<UInt8>) {
        let start = text.startIndex
        func part(_ places: Range<Int>) -> ArraySlice<UInt8> {
            text[start + places.lowerBound..<start + places.upperBound]
        }
        guard text.count == 27, let day = Timestamp.utcDay(dateText: part(0..<10)), day >= 0,
            text[start + 10] == UInt8(ascii: "T"), text[start + 13] == UInt8(ascii: ":"),
            text[start + 16] == UInt8(ascii: ":"), text[start + 19] == UInt8(ascii: "."),
            text[start + 26] == UInt8(ascii: "Z"),
            let hour = Int64(decimal: part(11..<13)), hour < 24,
            let minute = Int64(decimal: part(14..<16)), minute < 60,
            let second = Int64(decimal: part(17..<19)), second < 60,
            let fraction = Int64(decimal: part(20..<26))
        else { return nil }
        self.microseconds = (((day * 24 + hour) * 60 + minute) * 60 + second) * 1_000_000 + fraction
    }
}

extension Int64 {
    /// The quotient rounded down and what is left, which is never negative.
    fileprivate func floored(by divisor: Int64) -> (quotient: Int64, rest: Int64) {
        let (quotient, rest) = self.quotientAndRemainder(dividingBy: divisor)
        return rest < 0 ? (quotient - 1, rest + divisor) : (quotient, rest)
    }
}
