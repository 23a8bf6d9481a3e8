import Foundation
import Testing

@testable import CherryObservability

@Suite("Figures of the process")
struct ProcessStatusTests {
    private static let stat =
        "4242 (a (b) c) S 1 4242 4242 0 -1 4194560 100 0 0 0 150 50 0 0 20 0 7 0 12300 1048576 25 18446744073709551615 1 1"
    private static let systemStat = "cpu  1 2 3\nbtime 1700000000\nprocesses 5\n"

    private func read(_ stat: String, _ systemStat: String = Self.systemStat) -> ProcessStatus? {
        ProcessStatus(stat: stat, systemStat: systemStat, ticksPerSecond: 100, pageSize: 4096)
    }

    @Test("The kernel's figures are read past a program's name with spaces and parentheses")
    func figures() throws {
        let status = try #require(self.read(Self.stat))
        #expect(status.cpuSeconds == 2)
        #expect(status.threads == 7)
        #expect(status.virtualBytes == 1_048_576)
        #expect(status.residentBytes == 102_400)
        #expect(status.startTime == 1_700_000_123)
    }

    @Test("Text that is cut short has no figures, and does no harm")
    func cutShort() {
        let end = Self.stat.range(of: " 25 184")?.lowerBound ?? Self.stat.startIndex
        for index in Self.stat.indices where index <= end { #expect(self.read(String(Self.stat[..<index])) == nil) }
        #expect(self.read(Self.stat, "cpu 1\n") == nil)
        #expect(self.read(Self.stat, "btime x\n") == nil)
    }

    @Test("This process is seen at each scrape")
    func scrape() {
        let figures = Figures(ProcessMetrics.declarations)
        ProcessMetrics.collect(
            into: figures.registry,
            identity: ServiceIdentity(
                service: "cherry",
                version: "0.1.0",
                role: "all",
                environment: "production",
                instance: "a"
            )
        )
        #expect(figures.lines("cherry_build_info") == ["cherry_build_info{version=\"0.1.0\",role=\"all\"} 1"])
        for name in ProcessMetrics.declarations.map(\.name) { #expect(figures.lines(name).count == 1, "\(name)") }
    }
}
