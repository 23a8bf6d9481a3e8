import CherryCore
import Testing

@testable import CherryAssistant

@Suite("The tree of a conversation")
struct LibraryTreeTests {
    private let ids = (0..<12).map { _ in RecordID.make() }

    private func tree(_ links: [(Int, Int?)]) -> ConversationTree {
        var tree = ConversationTree()
        for (child, parent) in links {
            tree.insert(
                self.ids[child],
                parent: parent.map { self.ids[$0] },
                createdAt: Timestamp(milliseconds: Int64(child))
            )
        }
        return tree
    }

    private func numbers(_ path: [RecordID]) -> [Int] { path.compactMap { self.ids.firstIndex(of: $0) } }

    /// 0 → 1 → 2 → 3, 1 → 4 → 5, and 6 → 7 beside 0.
    private let links: [(Int, Int?)] = [(0, nil), (1, 0), (2, 1), (3, 2), (4, 1), (5, 4), (6, nil), (7, 6)]

    @Test("paths, children, siblings and leaves are those of the links, whatever order they come in")
    func shapes() {
        for links in [self.links, self.links.reversed(), self.links.shuffled()] {
            let tree = self.tree(links)
            #expect(tree.count == 8)
            #expect(self.numbers(tree.path(to: self.ids[5])) == [0, 1, 4, 5])
            #expect(self.numbers(tree.path(to: self.ids[2])) == [0, 1, 2])
            #expect(tree.path(to: self.ids[9]).isEmpty)
            #expect(self.numbers(tree.children(of: self.ids[1])) == [2, 4])
            #expect(self.numbers(tree.children(of: nil)) == [0, 6])
            #expect(self.numbers(tree.siblings(of: self.ids[4])) == [2, 4])
            #expect(self.numbers(tree.siblings(of: self.ids[0])) == [0, 6])
            #expect(tree.siblings(of: self.ids[9]).isEmpty)
            #expect(tree.latestLeaf(below: self.ids[0]) == self.ids[5])
            #expect(tree.latestLeaf(below: self.ids[2]) == self.ids[3])
            #expect(tree.latestLeaf() == self.ids[7])
        }
    }

    @Test("a message that is inserted twice is there once")
    func twice() {
        let tree = self.tree(self.links + self.links)
        #expect(tree.count == 8)
        #expect(self.numbers(tree.children(of: self.ids[1])) == [2, 4])
    }

    @Test("what follows a removed message begins a branch of its own")
    func removal() {
        var tree = self.tree(self.links)
        tree.remove(self.ids[4])
        tree.remove(self.ids[4])
        #expect(tree.count == 7)
        #expect(!tree.contains(self.ids[4]))
        #expect(self.numbers(tree.children(of: self.ids[1])) == [2])
        #expect(self.numbers(tree.path(to: self.ids[5])) == [5])
        tree.insert(self.ids[4], parent: self.ids[1], createdAt: Timestamp(milliseconds: 4))
        #expect(self.numbers(tree.path(to: self.ids[5])) == [0, 1, 4, 5])
    }

    @Test("messages whose first parent is missing are still shown")
    func orphans() {
        let tree = self.tree([(1, 0), (2, 1), (3, 0)])
        #expect(tree.latestLeaf() == self.ids[3])
        #expect(self.numbers(tree.path(to: self.ids[2])) == [1, 2])
    }

    @Test("a cycle ends a walk")
    func cycles() {
        let tree = self.tree([(0, 1), (1, 0), (2, 2)])
        #expect(tree.path(to: self.ids[0]).count <= 3)
        #expect(tree.latestLeaf(below: self.ids[0]) != nil)
        #expect(tree.path(to: self.ids[2]).count <= 3)
    }

    @Test("branches hold every message once: the one on show, then each with those that leave it")
    func branches() {
        let tree = self.tree(self.links + [(8, 4), (9, 2)])
        let branches = tree.branches(first: self.ids[5])
        #expect(branches.map(self.numbers) == [[0, 1, 4, 5], [6, 7], [2, 9], [3], [8]])
        #expect(ConversationTree().branches(first: nil).isEmpty)
    }

    @Test("a cache keeps the trees used last, within its bound")
    func cache() {
        var cache = TreeCache(capacity: 10)
        let tree = self.tree([(0, nil), (1, 0), (2, 1), (3, 2)])
        for id in self.ids.prefix(2) { cache.insert(tree, for: id) }
        #expect(cache.use(self.ids[0]) != nil)
        cache.insert(tree, for: self.ids[2])
        #expect(cache.contains(self.ids[0]))
        #expect(!cache.contains(self.ids[1]))
        cache.insert(self.tree((0..<12).map { ($0, nil) }), for: self.ids[3])
        #expect(cache.contains(self.ids[3]))
        #expect(!cache.contains(self.ids[0]))
    }
}
