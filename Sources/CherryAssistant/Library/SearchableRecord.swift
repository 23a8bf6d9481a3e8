import CherryCore
import CherryStore

/// A record that a search finds by its words.
protocol SearchableRecord: SealedRecord {
    var searchText: String { get }
}

extension Message: SearchableRecord {
    var searchText: String { self.content }
}

extension ContextItem: SearchableRecord {
    var searchText: String { self.title.map { "\($0)\n\(self.text)" } ?? self.text }
}
