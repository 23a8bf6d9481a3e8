import Testing

@testable import CherryBridge

@Suite("What makes two questions the same")
struct QuestionComparisonTests {
    // MARK: Before a model's vectors are compared

    @Test(
        "Questions that only say the same in other words may be compared",
        arguments: [
            ("What is the capital of France?", "Which city is the capital of France"),
            ("How do I boil an egg?", "What is the way to boil an egg?"),
            ("Explain photosynthesis to me.", "How does photosynthesis work?"),
            ("I can't sign up at Acme", "I cannot sign up at Acme"),
            ("Don't you like tea?", "You do not like tea?"),
        ]
    )
    func alike(one: String, other: String) {
        #expect(QuestionGuard.marks(of: one) == QuestionGuard.marks(of: other))
    }

    @Test(
        "Other numbers, dates, names, quotations, signs and negations make another question",
        arguments: [
            ("What happened in 2023?", "What happened in 2024?"),
            ("Is it 5 or 7?", "Is it 7 or 5?"),
            ("What is 5 - 3?", "What is 5 + 3?"),
            ("Is -5 less than 3?", "Is 5 less than 3?"),
            ("Summarise the meeting of 2026-11-24", "Summarise the meeting of 2026-11-25"),
            ("Meet me at 10:30", "Meet me at 10:45"),
            ("What did we do in March?", "What did we do in May?"),
            ("Is it open on Monday?", "Is it open on Sunday?"),
            ("List two reasons", "List three reasons"),
            ("What does 5% mean", "What does $5 mean"),
            ("How old is Alice?", "How old is Bob?"),
            ("Paris is the capital of what?", "London is the capital of what?"),
            ("Who helped us?", "Who helped US?"),
            ("Convert USD to EUR", "Convert EUR to USD"),
            ("how old is alice", "how old is bob"),
            ("Was ist mit Köln?", "Was ist mit Bonn?"),
            (#"Translate "good day""#, #"Translate "good night""#),
            ("Translate “good day”", "Translate “good night”"),
            ("Translate 'good day'", "Translate 'good night'"),
            ("What does `ls -l` do?", "What does `ls -a` do?"),
            ("What is C?", "What is C++?"),
            ("Open a.txt for me", "Open b.txt for me"),
            ("Read https://a.example/x", "Read https://a.example/y"),
            ("Can I mix it with water?", "Can I mix it without water?"),
            ("Is the water safe?", "Is the water not safe?"),
            ("Is the water safe?", "Isn't the water safe?"),
            ("Why is it safe?", "Why isnt it safe?"),
            ("Ich mag das", "Ich mag das nicht"),
            ("Это хорошо", "Это не хорошо"),
            ("我喜欢茶", "我不喜欢茶"),
            ("李明是谁", "王芳是谁"),
            ("How do I enable it?", "How do I disable it?"),
            ("Is it more than that?", "Is it less than that?"),
            ("Who wrote it?", "When was it written?"),
            ("You are coming? Tell me.", "You are coming. Tell me."),
            ("Fix this:\nif a:\n    b()", "Fix this:\nif a:\nb()"),
        ]
    )
    func different(one: String, other: String) {
        #expect(QuestionGuard.marks(of: one) != QuestionGuard.marks(of: other))
        #expect(QuestionWording(one).words != QuestionWording(other).words)
    }

    // MARK: Wording

    @Test(
        "Case, punctuation, small words and politeness do not change the wording",
        arguments: [
            ("What is the capital of France?", "what's the capital of france"),
            ("What is the capital of France?", "Please tell me: what is the capital of France? Thank you!"),
            ("Hi! What is the capital of France?", "What is the capital of France?"),
            ("Could you explain the tides?", "explain tides"),
            ("Sort a list in Swift, please", "In Swift, sort a list"),
            ("caf\u{e9} opening hours", "Cafe\u{301} opening hours"),
        ]
    )
    func sameWording(one: String, other: String) {
        #expect(QuestionWording(one).words == QuestionWording(other).words)
        #expect(QuestionVector.cosine(QuestionWording(one).vector, QuestionWording(other).vector) > 0.8)
    }

    @Test(
        "Other words, and the same words in another order, are another wording",
        arguments: [
            ("Does the dog bite the man?", "Does the man bite the dog?"),
            ("How do plants breathe?", "How do planets breathe?"),
            ("Who is president?", "Who was president?"),
            ("Flights from Rome", "Flights to Rome"),
            ("What is the capital of France?", "What is the population of France?"),
            ("please", "thanks"),
        ]
    )
    func otherWording(one: String, other: String) {
        #expect(QuestionWording(one).words != QuestionWording(other).words)
    }

    @Test("The more of the order changes, the less alike two wordings are")
    func order() {
        let text = QuestionWording("in the morning write a short poem about rain over old roofs").vector
        let cased = QuestionWording("In the morning, write a short poem about rain over old roofs!").vector
        let turned = QuestionWording("write a short poem about rain over old roofs in the morning").vector
        #expect(QuestionVector.cosine(text, cased) == 1)
        #expect((0.9..<1).contains(QuestionVector.cosine(text, turned)))
        let (two, turnedTwo) = (QuestionWording("house boat"), QuestionWording("boat house"))
        #expect(QuestionVector.cosine(two.vector, turnedTwo.vector) < 0.8)
    }

    @Test(
        "Questions without words, and hostile ones, are read too",
        arguments: [
            "", " ", "?", "…", "'", "\"", "`", "``", String(repeating: "`", count: 4096),
            String(repeating: "' ", count: 2048), String(repeating: "„", count: 1365),
            String(repeating: "a ", count: 2048), "\u{0}\u{301}", "🍒🍒", "''a''",
        ]
    )
    func odd(text: String) {
        _ = QuestionGuard.marks(of: text)
        let wording = QuestionWording(text)
        #expect(wording.words.count <= text.count)
        let isSound = wording.vector.allSatisfy { $0.isFinite }
        #expect(isSound)
    }

    // MARK: Vectors

    @Test("A vector without a direction, or with numbers that are none, is refused")
    func vectors() {
        #expect(QuestionVector.normalized([]) == nil)
        #expect(QuestionVector.normalized([0, 0]) == nil)
        #expect(QuestionVector.normalized([1, .nan]) == nil)
        #expect(QuestionVector.normalized([1, .infinity]) == nil)
        #expect(QuestionVector.normalized([Float](repeating: 1, count: QuestionVector.longest + 1)) == nil)
        #expect(QuestionVector.normalized([3, 4]) == [0.6, 0.8])
    }

    @Test("Vectors of different lengths have nothing in common, and a vector is its own equal")
    func cosine() {
        #expect(QuestionVector.cosine([1], [1, 0]) == 0)
        let vector = QuestionVector.normalized([0.1, 0.2, 0.3]) ?? []
        #expect(QuestionVector.cosine(vector, vector) == 1)
        #expect(QuestionVector.vector(QuestionVector.bytes(vector)) == vector)
    }
}
