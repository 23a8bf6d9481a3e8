/// How many tokens a text takes when nobody counts them.
public enum TokenEstimate {
    /// Bytes of UTF-8 that make a token in common vocabularies, on the careful side: English has about four, code and
    /// other languages fewer.
    public static let bytesPerToken = 3

    /// An estimate that is seldom too low.
    public static func tokens(in text: String) -> Int { self.tokens(inBytes: text.utf8.count) }

    /// An estimate for so many bytes of UTF-8.
    public static func tokens(inBytes count: Int) -> Int { (count + self.bytesPerToken - 1) / self.bytesPerToken }
}
