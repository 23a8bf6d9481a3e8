import CherryCore
import CherryMemory
import Testing

@Suite("The lexical index")
struct LexicalIndexTests {
    private let index = LexicalIndex()

    private func add(_ texts: String...) -> [RecordID] {
        texts.map { text in
            let id = RecordID.make()
            self.index.add(id, text)
            return id
        }
    }

    private func find(_ query: String, limit: Int = 100) -> Set<RecordID> {
        Set(self.index.search(query, limit: limit).map(\.id))
    }

    @Test("a text is found by each of its words and by nothing else")
    func finds() {
        let ids = self.add("The cherry tree blossoms", "A plum tree")
        #expect(self.find("cherry") == [ids[0]])
        #expect(self.find("tree") == Set(ids))
        #expect(self.find("apple").isEmpty)
        #expect(self.find("").isEmpty)
        #expect(self.find("!? …").isEmpty)
    }

    @Test("a rare word counts for more than a frequent one, and a short text for more than a long one")
    func ranks() {
        let ids = self.add(
            "apple apple banana",
            "apple cherry",
            "apple",
            "apple and a great many other words that say nothing about fruit at all"
        )
        #expect(self.index.search("apple ", limit: 10).map(\.id).last == ids[3])
        #expect(self.index.search("cherry apple ", limit: 10).map(\.id) == [ids[1]])
        #expect(self.index.search("apple ", limit: 2).count == 2)
        let scores = self.index.search("apple ", limit: 10).map(\.score)
        #expect(scores == scores.sorted(by: >))
    }

    @Test("texts with all words are found alone; when there are none, texts with some")
    func allOrAny() {
        let ids = self.add("red apple", "green apple", "red plum")
        #expect(self.find("red apple ") == [ids[0]])
        #expect(self.find("green plum ") == [ids[1], ids[2]])
        #expect(self.find("red unknown ") == [ids[0], ids[2]])
    }

    @Test("a text that is added again is replaced")
    func replaces() {
        let id = self.add("old words here")[0]
        self.index.add(id, "new words here")
        #expect(self.find("old ").isEmpty)
        #expect(self.find("new ") == [id])
        #expect(self.index.count == 1)
    }

    @Test("a removed text is not found, and its place is used again")
    func removes() {
        let ids = self.add("one tree", "two tree", "three tree")
        self.index.remove(ids[1])
        self.index.remove(.make())
        #expect(self.find("tree") == [ids[0], ids[2]])
        #expect(self.find("two ").isEmpty)
        let new = self.add("four tree")[0]
        #expect(self.find("tree") == [ids[0], ids[2], new])
        #expect(self.index.count == 3)
        self.index.removeAll()
        #expect(self.find("tree").isEmpty)
        #expect(self.index.count == 0)
    }

    @Test(
        "case, diacritics and forms do not matter",
        arguments: [
            ("Ångström", "angstrom"), ("CRÈME BRÛLÉE", "creme brulee"), ("cafe\u{301}", "café"), ("Straße", "strasse"),
            ("Łódź", "lodz"), ("Ελλάδα ΛΌΓΟΣ", "ελλαδα λογος"), ("ПРИВЕТ", "привет"), ("ｆｕｌｌ", "full"),
            ("Œuvre", "oeuvre"),
            ("co\u{ad}operate", "cooperate"), ("İstanbul", "istanbul"), ("Việt Nam", "viet nam"), ("مُحَمَّد", "محمد"),
        ]
    )
    func folds(_ text: String, _ query: String) {
        let id = self.add(text)[0]
        #expect(self.find(query + " ") == [id])
    }

    @Test("text without spaces is found by any part of it")
    func ideographs() {
        let ids = self.add("黒猫が好きです", "東京都に住む", "고양이를 좋아해요", "mixed 東京tower text")
        #expect(self.find("黒猫") == [ids[0]])
        #expect(self.find("猫") == [ids[0]])
        #expect(self.find("す") == [ids[0]])
        #expect(self.find("東京") == [ids[1], ids[3]])
        #expect(self.find("京都に") == [ids[1]])
        #expect(self.find("고양") == [ids[2]])
        #expect(self.find("tower ") == [ids[3]])
        #expect(self.find("猫黒").isEmpty)
    }

    @Test("the last word may be incomplete, and only that; exact matches come first")
    func prefix() {
        let ids = self.add("category theory", "cat theory", "concatenate theory")
        #expect(self.index.search("theory cat", limit: 10).map(\.id) == [ids[1], ids[0]])
        #expect(self.find("cat theory") == [ids[1]])
        #expect(self.find("cat ") == [ids[1]])
        #expect(self.find("theo") == Set(ids))
        #expect(self.find("cate") == [ids[0]])
    }

    @Test("a prefix of very many words stays bounded and still finds")
    func manyExpansions() {
        for number in 0..<12_000 { self.index.add(.make(), "word\(number) common") }
        #expect(self.index.search("wo", limit: 50).count == 50)
        #expect(self.index.search("word1199", limit: 50).count == 11)
        #expect(self.index.search("common word11999", limit: 50).count == 1)
    }

    @Test("a very long word is found by its beginning")
    func longWord() {
        let id = self.add(String(repeating: "abcdefgh", count: 1000))[0]
        #expect(self.find("abcdefghab") == [id])
        #expect(self.find(String(repeating: "abcdefgh", count: 1000)) == [id])
    }

    @Test("queries and changes from many threads at once agree in the end")
    func concurrency() async {
        let ids = (0..<200).map { _ in RecordID.make() }
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<4 {
                group.addTask {
                    for (number, id) in ids.enumerated() where number % 4 == task {
                        self.index.add(id, "text number \(number)")
                        self.index.add(id, "changed number \(number)")
                        if number % 8 == task { self.index.remove(id) }
                        _ = self.index.search("number", limit: 5)
                    }
                }
            }
        }
        #expect(self.index.count == 100)
        #expect(self.find("text ", limit: 300).isEmpty)
        #expect(self.find("changed ", limit: 300) == Set(ids.enumerated().filter { $0.offset % 8 >= 4 }.map(\.element)))
    }
}
