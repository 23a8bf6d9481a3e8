import CherryObservability
import Testing
import Tracing

@Suite("Trace context")
struct TraceContextTests {
    static let field = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    @Test("A field is read and written again as it was")
    func roundTrip() throws {
        let context = try #require(TraceContext(traceparent: Self.field))
        #expect("\(context.trace)" == "4bf92f3577b34da6a3ce929d0e0e4736")
        #expect("\(context.span)" == "00f067aa0ba902b7")
        #expect(context.isSampled)
        #expect(context.traceparent == Self.field)
    }

    @Test(
        "Only the last flag says whether a trace is kept",
        arguments: [("00", false), ("01", true), ("02", false), ("ff", true)]
    )
    func flags(text: String, isSampled: Bool) throws {
        let context = try #require(TraceContext(traceparent: Self.field.dropLast(2) + text))
        #expect(context.isSampled == isSampled)
    }

    @Test("Of a later version the known beginning counts")
    func laterVersion() {
        #expect(TraceContext(traceparent: "cc" + Self.field.dropFirst(2)) != nil)
        #expect(TraceContext(traceparent: "cc" + Self.field.dropFirst(2) + "-more") != nil)
        #expect(TraceContext(traceparent: "cc" + Self.field.dropFirst(2) + "more") == nil)
    }

    @Test(
        "What is not of the form is ignored",
        arguments: [
            "", "00", "ff" + field.dropFirst(2), field + "-more", field + "0",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
            "00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01",
            "0x-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        ]
    )
    func malformed(field: String) {
        #expect(TraceContext(traceparent: field) == nil)
    }

    @Test("A field that is cut anywhere is ignored")
    func truncated() {
        for length in 0..<Self.field.count { #expect(TraceContext(traceparent: Self.field.prefix(length)) == nil) }
    }
}
