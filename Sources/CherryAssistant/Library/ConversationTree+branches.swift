import CherryCore

extension ConversationTree {
    /// Every message once: first the branch that leads through `leaf`, then the rest of each other branch, from where it
    /// leaves those before, each followed by those that leave it.
    func branches(first leaf: RecordID?) -> [[RecordID]] {
        let shown = leaf.flatMap { self.contains($0) ? $0 : nil }
        guard let end = self.latestLeaf(below: shown) else { return [] }
        var branches = [self.path(to: end)]
        var seen = Set(branches[0])
        var waiting = self.starts(beside: branches[0], seen).reversed() as [RecordID]
        while let start = waiting.popLast() {
            guard !seen.contains(start), let end = self.latestLeaf(below: start) else { continue }
            let branch = Array(self.path(to: end).drop { $0 != start })
            seen.formUnion(branch)
            branches.append(branch)
            waiting += self.starts(beside: branch, seen).reversed()
        }
        return branches
    }

    /// Where branches leave `path`: messages beside it that were not seen.
    private func starts(beside path: [RecordID], _ seen: Set<RecordID>) -> [RecordID] {
        path.flatMap { self.siblings(of: $0) }.filter { !seen.contains($0) }
    }
}
