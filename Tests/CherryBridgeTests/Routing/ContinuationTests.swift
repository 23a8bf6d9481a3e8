import CherryCore
import Testing

@testable import CherryBridge

@Suite("Going on with an answer that broke off")
struct ContinuationTests {
    private static let text = """
        The quick brown fox jumps over the lazy dog, and then the dog, who had had enough, gets up and follows the fox \
        through the whole of the wood, past the mill and the brook — до самого моря, 森の中を、海まで。 The end.
        """

    /// What the reader has at the end when the rest comes as `rest`, in pieces of `size` characters.
    private static func joined(_ said: String, _ rest: String, size: Int = 3) -> String {
        var continuation = Continuation(said: said)
        var text = said
        var characters = Array(rest)[...]
        while !characters.isEmpty {
            text += continuation.receive(String(characters.prefix(size)))
            characters = characters.dropFirst(size)
        }
        return text + continuation.finish()
    }

    @Test("Wherever it broke off, a model that goes on at once joins without a seam")
    func exact() {
        let characters = Array(Self.text)
        for place in 0...characters.count {
            let (said, rest) = (String(characters[..<place]), String(characters[place...]))
            #expect(Self.joined(said, rest) == Self.text, "after \(place)")
        }
    }

    @Test("Wherever it broke off, a model that repeats the last words as asked joins without a seam")
    func asAsked() throws {
        let characters = Array(Self.text)
        for place in 1...characters.count {
            let said = String(characters[..<place])
            let prompt = Continuation(said: said).request(from: ChatRequest(model: "m", messages: []))
            let parts = try #require(prompt.messages.last?.text).components(between: "-----\n", and: "\n-----")
            let anchor = try #require(parts)
            #expect(said.hasSuffix(anchor))
            #expect(Self.joined(said, anchor + String(characters[place...])) == Self.text, "after \(place)")
        }
    }

    @Test("Wherever it broke off, a model that starts over joins without a seam")
    func startsOver() {
        let characters = Array(Self.text)
        for place in 0...characters.count {
            #expect(Self.joined(String(characters[..<place]), Self.text) == Self.text, "after \(place)")
        }
    }

    @Test("The size of the pieces does not matter", arguments: [1, 2, 7, 50, 1000])
    func pieces(size: Int) {
        let characters = Array(Self.text)
        let said = String(characters[..<100])
        for from in [0, 60, 100] {
            #expect(Self.joined(said, String(characters[from...]), size: size) == Self.text)
        }
    }

    @Test("A short word that stands twice by chance stays twice")
    func chance() {
        #expect(Self.joined("He had", " had enough.") == "He had had enough.")
        #expect(Self.joined("It was very, very", " very good") == "It was very, very very good")
    }

    @Test("A rest that only begins like a repetition is given out whole")
    func almost() {
        let said = "one two three four five six seven"
        #expect(Self.joined(said, "four five six SEVEN") == said + "four five six SEVEN")
        #expect(Self.joined(said, "one two thr") == said + "one two thr")
        #expect(Self.joined(said, "") == said)
    }

    @Test("Nothing is held back once the place is known")
    func flows() {
        var continuation = Continuation(said: "one two three four")
        let result1 = continuation.receive("three f")
        #expect(result1 == "")
        let result2 = continuation.receive("our five")
        #expect(result2 == " five")
        let result3 = continuation.receive(" one two")
        #expect(result3 == " one two")
        let result4 = continuation.finish()
        #expect(result4 == "")
    }

    @Test("The request keeps everything, adds what was said, and asks for less")
    func request() {
        var original = ChatRequest(model: "m", messages: [ChatMessage(.user, "Tell me.")], maxTokens: 100)
        original.stop = ["END"]
        original.tools = [ToolDefinition(name: "look")]
        let said = String(repeating: "word ", count: 12)
        let request = Continuation(said: said).request(from: original)
        #expect(request.messages.first == original.messages.first)
        #expect(request.messages.count == 3)
        #expect(request.messages[1] == ChatMessage(.assistant, said))
        #expect(request.messages[2].role == .user)
        #expect(request.maxTokens == 80)
        var same = request
        same.messages = original.messages
        same.maxTokens = 100
        #expect(same == original)
        #expect(Continuation(said: "").request(from: original) == original)
    }
}

extension String {
    fileprivate func components(between start: String, and end: String) -> String? {
        guard let from = self.ranges(of: start).first?.upperBound,
            let to = self[from...].ranges(of: end).last?.lowerBound
        else { return nil }
        return String(self[from..<to])
    }
}
