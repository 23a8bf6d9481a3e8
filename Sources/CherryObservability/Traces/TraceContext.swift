import CherryCore
public import Tracing

/// Where in which trace something happens, as it travels with a request (W3C Trace Context, level 1).
///
/// `tracestate` is not carried along: it is free text of other systems, and a provider has no business with it.
public struct TraceContext: Sendable, Hashable {
    /// The whole that a person started: a turn, from their browser to the model's last token.
    public var trace: TraceID
    /// The span in which it happens.
    public var span: SpanID
    /// Whether the spans of this trace are kept.
    public var isSampled: Bool

    public init(trace: TraceID, span: SpanID, isSampled: Bool) {
        self.trace = trace
        self.span = span
        self.isSampled = isSampled
    }

    /// Reads a `traceparent` field.
    ///
    /// - Returns: `nil` for whatever the recommendation says is to be ignored: another form, capitals, an id of zeros, the
    ///   version `ff`. Of a later version only what version 00 knows is read.
    public init?(traceparent: some StringProtocol) {
        let text = Array(traceparent.utf8)
        guard text.count >= 55, text[2] == UInt8(ascii: "-"), text[35] == UInt8(ascii: "-"),
            text[52] == UInt8(ascii: "-"),
            let version = UInt64(lowercaseHex: text[0..<2]), version != 0xFF,
            version == 0 ? text.count == 55 : text.count == 55 || text[55] == UInt8(ascii: "-"),
            let trace = TraceID(hex: text[3..<35]), let span = SpanID(hex: text[36..<52]),
            let flags = UInt64(lowercaseHex: text[53..<55])
        else { return nil }
        self.init(trace: trace, span: span, isSampled: flags & 1 == 1)
    }

    /// The value of the `traceparent` field.
    public var traceparent: String { "00-\(self.trace)-\(self.span)-\(self.isSampled ? "01" : "00")" }

    /// The name of the field.
    public static let field = "traceparent"
}

/// Names a trace: 16 bytes that are not all zero.
public struct TraceID: Sendable, Hashable, CustomStringConvertible {
    let high: UInt64
    let low: UInt64

    init?(high: UInt64, low: UInt64) {
        guard high | low != 0 else { return nil }
        self.high = high
        self.low = low
    }

    /// Reads 32 lower-case hexadecimal digits.
    public init?(hex: some Collection<UInt8>) {
        guard hex.count == 32, let high = UInt64(lowercaseHex: hex.prefix(16)),
            let low = UInt64(lowercaseHex: hex.suffix(16))
        else { return nil }
        self.init(high: high, low: low)
    }

    /// A new one.
    public static func random(using generator: inout some RandomNumberGenerator) -> Self {
        while true {
            if let id = Self(high: generator.next(), low: generator.next()) { return id }
        }
    }

    /// 32 hexadecimal digits.
    public var description: String { (UInt128(self.high) << 64 | UInt128(self.low)).hexadecimal }
}

/// Names a span within its trace: 8 bytes that are not all zero.
public struct SpanID: Sendable, Hashable, CustomStringConvertible {
    let value: UInt64

    init?(_ value: UInt64) {
        guard value != 0 else { return nil }
        self.value = value
    }

    /// Reads 16 lower-case hexadecimal digits.
    public init?(hex: some Collection<UInt8>) {
        guard hex.count == 16, let value = UInt64(lowercaseHex: hex) else { return nil }
        self.init(value)
    }

    /// A new one.
    public static func random(using generator: inout some RandomNumberGenerator) -> Self {
        while true {
            if let id = Self(generator.next()) { return id }
        }
    }

    /// 16 hexadecimal digits.
    public var description: String { self.value.hexadecimal }
}

extension UInt64 {
    fileprivate init?(lowercaseHex digits: some Collection<UInt8>) {
        guard !digits.isEmpty, digits.count <= 16 else { return nil }
        var value: UInt64 = 0
        for digit in digits {
            switch digit {
            case 0x30...0x39: value = value << 4 | UInt64(digit - 0x30)
            case 0x61...0x66: value = value << 4 | UInt64(digit - 0x61 + 10)
            default: return nil
            }
        }
        self = value
    }
}

extension InstrumentationContext {
    private enum Key: InstrumentationContextKey {
        typealias Value = TraceContext
    }

    /// The trace of what runs here; `nil` where none was begun.
    public var trace: TraceContext? {
        get { self[Key.self] }
        set { self[Key.self] = newValue }
    }

    private enum BegunKey: InstrumentationContextKey {
        typealias Value = TraceID
    }

    /// A trace that is kept and has no span yet.
    var begunTrace: TraceID? {
        get { self[BegunKey.self] }
        set { self[BegunKey.self] = newValue }
    }
}
