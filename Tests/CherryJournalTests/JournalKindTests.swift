import CherryJournal
import Testing

@Suite("Kinds of record")
struct JournalKindTests {
    @Test("A kind keeps its number for ever, since it is on disk")
    func numbers() {
        #expect(JournalKind.allCases.map(\.rawValue) == [1, 2, 3, 4, 5, 6, 7])
    }
}
