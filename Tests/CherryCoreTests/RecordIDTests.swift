import CherryCore
import Foundation
import Testing

@Suite("Record ids")
struct RecordIDTests {
    @Test("An id reads back as it was written, in either case")
    func roundTrip() throws {
        let id = RecordID.make()
        #expect(RecordID(id.description) == id)
        #expect(RecordID(id.description.uppercased()) == id)
        #expect(RecordID(bytes: id.bytes) == id)
        let json = try JSONEncoder().encode([id])
        #expect(try JSONDecoder().decode([RecordID].self, from: json) == [id])
    }

    @Test("New ids carry version 7, the RFC's variant and their time, and sort by it")
    func version() {
        let early = RecordID.make(at: Timestamp(milliseconds: 1_700_000_000_000))
        let late = RecordID.make(at: Timestamp(milliseconds: 1_700_000_000_001))
        #expect(early < late)
        #expect(early.bytes[6] >> 4 == 7)
        #expect(early.bytes[8] >> 6 == 0b10)
        #expect(early.description.hasPrefix("018bcfe5-6800-7"))
    }

    @Test("The next id of a moment sorts right after it and keeps version, variant and time")
    func successor() throws {
        let id = try #require(RecordID("01890a5d-ac96-774b-bcce-b302099affff"))
        #expect(id.successor.description == "01890a5d-ac96-774b-bcce-b302099b0000")
        #expect(id < id.successor)
    }

    @Test("Two ids of one moment differ")
    func unique() {
        let now = Timestamp.now
        #expect(Set((0..<1000).map { _ in RecordID.make(at: now) }).count == 1000)
    }

    @Test(
        "What is no id is refused",
        arguments: [
            "", "018bcfe5", "018bcfe5-6800-7000-8000-00000000000", "018bcfe5-6800-7000-8000-0000000000000",
            "018bcfe5x6800-7000-8000-000000000000", "g18bcfe5-6800-7000-8000-000000000000",
            "018bcfe56800-7000-8000-000000000000-", "018bcfe5-6800-7000-8000-00000000000é",
        ]
    )
    func refused(text: String) {
        #expect(RecordID(text) == nil)
    }

    @Test("Only sixteen bytes make an id")
    func bytes() {
        #expect(RecordID(bytes: [1, 2, 3]) == nil)
        #expect(RecordID(bytes: [UInt8](repeating: 0, count: 17)) == nil)
    }

    @Test("The id of a preference follows from its key and is marked as such")
    func preferences() {
        let id = Preference.id(for: "appearance.scheme")
        #expect(id == Preference(key: "appearance.scheme", value: .null).id)
        #expect(id != Preference.id(for: "appearance.schemes"))
        #expect(id.bytes[6] >> 4 == 8)
    }

    @Test("The hash behind it is FNV-1a of 128 bits: the empty text gives the offset basis")
    func fnv() {
        #expect(Preference.id(for: "").description == "6c62272e-07bb-8142-a2b8-21756295c58d")
    }
}
