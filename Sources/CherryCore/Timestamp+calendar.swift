/// Days and months of UTC, by the proleptic Gregorian calendar.
extension Timestamp {
    public static let millisecondsPerDay: Int64 = 86_400_000

    /// Days since 1970-01-01.
    public var utcDay: Int64 {
        let (days, rest) = self.milliseconds.quotientAndRemainder(dividingBy: Self.millisecondsPerDay)
        return rest < 0 ? days - 1 : days
    }

    /// Months since January of the year 0.
    public var utcMonth: Int64 {
        let date = Self.civil(self.utcDay)
        return date.year * 12 + date.month - 1
    }

    /// The beginning of a day.
    public init(utcDay day: Int64) { self.init(milliseconds: day * Self.millisecondsPerDay) }

    /// The beginning of a month.
    public init(utcMonth month: Int64) {
        let year = month >= 0 ? month / 12 : (month - 11) / 12
        self.init(utcDay: Self.days(year: year, month: month - year * 12 + 1, day: 1))
    }

    /// The date as `2026-01-31`.
    public static func dateText(utcDay day: Int64) -> String {
        var bytes: [UInt8] = []
        self.writeDate(utcDay: day, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the date as `2026-01-31`, for years from 0 to 9999.
    public static func writeDate(utcDay day: Int64, to bytes: inout [UInt8]) {
        let date = self.civil(day)
        bytes.appendDigits(date.year, count: 4)
        bytes.append(UInt8(ascii: "-"))
        bytes.appendDigits(date.month, count: 2)
        bytes.append(UInt8(ascii: "-"))
        bytes.appendDigits(date.day, count: 2)
    }

    /// Reads a date such as `2026-01-31`; `nil` for anything that is none.
    public static func utcDay(dateText text: ArraySlice<UInt8>) -> Int64? {
        let start = text.startIndex
        guard text.count == 10, text[start + 4] == UInt8(ascii: "-"), text[start + 7] == UInt8(ascii: "-"),
            let year = Int64(decimal: text[start..<start + 4]),
            let month = Int64(decimal: text[start + 5..<start + 7]),
            let day = Int64(decimal: text[start + 8..<start + 10]), (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        let days = self.days(year: year, month: month, day: day)
        // The 31st of a month that has none reads as a day of the next.
        return self.civil(days) == (year, month, day) ? days : nil
    }

    /// Counts in eras of 400 years of 146 097 days that begin in March, so that the leap day ends a year
    /// (H. Hinnant, "chrono-compatible low-level date algorithms").
    private static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let ofEra = shifted - era * 146_097
        let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let march = (5 * ofYear + 2) / 153
        let month = march < 10 ? march + 3 : march - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, ofYear - (153 * march + 2) / 5 + 1)
    }

    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let ofYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + ofYear - 719_468
    }
}

extension Int64 {
    /// Reads decimal digits, at most eighteen; `nil` for anything else.
    public init?(decimal digits: ArraySlice<UInt8>) {
        guard (1...18).contains(digits.count) else { return nil }
        self = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            self = self * 10 + Int64(digit - 0x30)
        }
    }
}

extension [UInt8] {
    /// Appends the last `count` digits of a number that is not negative.
    public mutating func appendDigits(_ number: Int64, count: Int) {
        var divisor: Int64 = 1
        for _ in 1..<count { divisor *= 10 }
        while divisor > 0 {
            self.append(0x30 + UInt8(truncatingIfNeeded: number / divisor % 10))
            divisor /= 10
        }
    }
}
