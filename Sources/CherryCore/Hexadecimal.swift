extension UInt64 {
    /// 16 lower-case hexadecimal digits.
    public var hexadecimal: String {
        String(unsafeUninitializedCapacity: 16) { digits in
            self.write(to: digits[...])
            return 16
        }
    }

    fileprivate func write(to digits: Slice<UnsafeMutableBufferPointer<UInt8>>) {
        for place in 0..<16 {
            let digit = UInt8(truncatingIfNeeded: self >> (60 - 4 * UInt64(place)) & 0xF)
            digits.base[digits.startIndex + place] = digit + (digit < 10 ? 0x30 : 0x57)
        }
    }
}

extension UInt128 {
    /// 32 lower-case hexadecimal digits.
    public var hexadecimal: String {
        String(unsafeUninitializedCapacity: 32) { digits in
            UInt64(truncatingIfNeeded: self >> 64).write(to: digits[...])
            UInt64(truncatingIfNeeded: self).write(to: digits[16...])
            return 32
        }
    }
}
