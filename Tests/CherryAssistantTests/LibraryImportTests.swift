import CherryAssistant
import CherryCore
import CherryStore
import Foundation
import Testing

@Suite("What is wrong with an import is named, and nothing of it is stored")
struct LibraryImportTests {
    private static let conversation = RecordID("01900000-0000-7000-8000-000000000001")!
    private static let ids = (2...5).map { RecordID("01900000-0000-7000-8000-00000000000\($0)")! }

    private static func conversation(_ id: RecordID = conversation, title: String = "T", time: Int64 = 1) -> String {
        """
        {"id":"\(id)","title":"\(title)","titleSource":"user","otherTitles":[],"liveReplies":[],"isPinned":false,\
        "createdAt":\(time),"updatedAt":1}
        """
    }

    private static func message(
        _ number: Int,
        after parent: Int? = nil,
        in conversation: RecordID = conversation,
        more: String = ""
    ) -> String {
        let parent = parent.map { #""parentID":"\#(Self.ids[$0])","# } ?? ""
        return """
            {"id":"\(Self.ids[number])","conversationID":"\(conversation)",\(parent)"role":"user","content":"c",\
            "state":"complete","createdAt":1\(more)}
            """
    }

    private static func document(_ collections: String, version: Int = 1, format: String = "cherry-export") -> Data {
        Data(#"{"format":"\#(format)","version":\#(version),"exportedAt":1,\#(collections)}"#.utf8)
    }

    private static func messages(_ messages: String...) -> Data {
        self.document(#""conversations":[\#(self.conversation())],"messages":[\#(messages.joined(separator: ","))]"#)
    }

    private static let bad: [(name: String, data: Data, words: String)] = [
        ("no JSON", Data("{".utf8), "not JSON"),
        ("not UTF-8", Data([0x7b, 0xff, 0xfe, 0x7d]), "not JSON"),
        ("an array", Data("[]".utf8), "not of the right type"),
        ("another format", document("\"a\":1", format: "other"), "not an export"),
        ("a newer version", document("\"conversations\":5", version: 2), "version 2"),
        ("no format", Data(#"{"version":1}"#.utf8), "format is missing"),
        ("a wrong type", document(#""messages":7"#), "messages is not of the right type"),
        (
            "a missing field", document(#""conversations":[\#(conversation()),{"id":"\#(ids[0])"}]"#),
            "conversations[1].title is missing"
        ),
        (
            "a bad id", document(#""conversations":[\#(conversation().replacingOccurrences(of: "01900", with: "x"))]"#),
            "conversations[0].id"
        ),
        ("an unknown role", messages(message(0).replacingOccurrences(of: "user", with: "root")), "messages[0].role"),
        ("the same id twice", messages(message(0), message(1), message(0)), "messages[2] is there twice"),
        (
            "an unknown conversation", messages(message(0), message(1, in: ids[3])),
            "messages[1] belongs to a conversation"
        ),
        ("an unknown parent", messages(message(0, after: 3)), "messages[0] follows a message"),
        (
            "a circle", messages(message(3), message(0, after: 2), message(1, after: 0), message(2, after: 1)),
            "messages[1] follows itself"
        ),
        ("its own parent", messages(message(0, after: 0)), "messages[0] follows itself"),
        ("no title", document(#""conversations":[\#(conversation(title: ""))]"#), "conversations[0] has no title"),
        (
            "an impossible time", document(#""conversations":[\#(conversation(time: .max))]"#),
            "conversations[0] has a time"
        ),
        (
            "impossible figures", messages(message(0, more: #","metrics":{"isEstimated":false,"omittedMessages":-1}"#)),
            "messages[0] has figures"
        ),
        (
            "a foreign built-in persona",
            document(
                """
                "personas":[{"id":"\(ids[0])","name":"X","hue":"teal","instructions":"","isBuiltIn":true,\
                "createdAt":1,"updatedAt":1}]
                """
            ),
            "personas[0] is wrong about being built in"
        ),
        (
            "a preference under another id",
            document(#""preferences":[{"id":"\#(ids[0])","key":"a.b","value":{"canary":[]},"updatedAt":1}]"#),
            "preferences[0] has an id"
        ),
        (
            "a provider that is not on the web",
            document(
                """
                "providers":[{"id":"\(ids[0])","name":"X","kind":"openai","baseURL":"file:///etc/passwd",\
                "isEnabled":true,"createdAt":1,"updatedAt":1}]
                """
            ),
            "providers[0] has an address"
        ),
    ]

    @Test("each kind of fault", arguments: bad.indices)
    func faults(index: Int) async throws {
        let (name, data, words) = Self.bad[index]
        let fixture = try await LibraryFixture()
        let error = await #expect(throws: AssistantError.self, "\(name)") { try await fixture.library.importJSON(data) }
        #expect(error?.code == .invalid)
        #expect(error?.message.contains(words) == true, "\(name): \(error?.message ?? "")")
        #expect(error?.message.contains("canary") == false)
        #expect(try await fixture.store.statistics().records == 0)
    }

    @Test("a message may follow one that is here already, but not take the id of one of another conversation")
    func continues() async throws {
        let fixture = try await LibraryFixture()
        _ = try await fixture.library.importJSON(Self.messages(Self.message(0)))
        let more = Self.document(#""messages":[\#(Self.message(1, after: 0))]"#)
        #expect(try await fixture.library.importJSON(more).messages == 1)
        let path = try await fixture.library.path(in: Self.conversation).items.map(\.value.id)
        #expect(path == Array(Self.ids[0...1]))
        let foreign = Self.document(
            #""conversations":[\#(Self.conversation(Self.ids[3]))],"messages":[\#(Self.message(0, in: Self.ids[3]))]"#
        )
        let error = await #expect(throws: AssistantError.self) { try await fixture.library.importJSON(foreign) }
        #expect(error?.message.contains("messages[0] has the id of a message of another conversation") == true)
    }

    @Test("a branch on show that is not in the file is left out")
    func danglingLeaf() async throws {
        let fixture = try await LibraryFixture()
        let conversation = Self.conversation().dropLast() + #","activeLeaf":"\#(Self.ids[3])"}"#
        _ = try await fixture.library.importJSON(Self.document(#""conversations":[\#(conversation)]"#))
        #expect(try await fixture.library.conversations().items[0].value.activeLeaf == nil)
    }
}
