import CherryCore
import CherryStore
public import Foundation

extension Library {
    /// Takes in a JSON export: all of it in one transaction, or nothing.
    ///
    /// Records that are here already stay as they are, so importing twice changes nothing; ones that were deleted come
    /// back. Messages keep their ids and their places. A reply that was being written when the file was made counts as
    /// interrupted.
    ///
    /// - Throws: `AssistantError` with code `.invalid`, which names the first bad item by its place in the file.
    @concurrent
    public func importJSON(_ data: Data) async throws -> ImportSummary {
        let document = try Self.document(data)
        try await self.check(document)
        for attempt in 1... {
            do {
                let summary = try await self.store(document)
                try await self.indexer.catchUp()
                return summary
            } catch let error as StoreError where error.code == .conflict && attempt < 4 {
                continue  // one of the records was made meanwhile: now it is skipped
            }
        }
        fatalError("the loop ends by returning or throwing")
    }

    private static func document(_ data: Data) throws -> ExportDocument {
        let document: ExportDocument
        do {
            document = try JSONDecoder().decode(ExportDocument.self, from: data)
        } catch let error as DecodingError {
            throw self.invalid(Self.describe(error))
        }
        guard document.format == ExportDocument.format else { throw self.invalid("This is not an export of cherry.") }
        guard document.version == ExportDocument.version else {
            throw AssistantError(
                .invalid,
                message: "The export has version \(document.version); this program reads \(ExportDocument.version).",
                hint: "Install the version of cherry that made it."
            )
        }
        return document
    }

    private func check(_ document: ExportDocument) async throws {
        let list = try await self.catalog.list()
        let ids = Set(document.messages.map(\.id)).union(document.messages.compactMap(\.parentID))
        let known = try await self.store.get(MessageLink.self, Array(ids))
        let check = ImportCheck(
            knownMessages: Dictionary(
                known.map { ($0.value.id, $0.value.conversationID) },
                uniquingKeysWith: { first, _ in first }
            ),
            knownConversations: Set(list.all.map(\.value.id))
        )
        try check.run(document)
    }

    private func store(_ document: ExportDocument) async throws -> ImportSummary {
        var summary = ImportSummary()
        var batch = SealedBatch()
        let members = Dictionary(grouping: document.messages, by: \.conversationID).mapValues { Set($0.map(\.id)) }
        let conversations = document.conversations.map { conversation in
            var conversation = conversation
            conversation.liveReplies = []
            if let leaf = conversation.activeLeaf, members[conversation.id]?.contains(leaf) != true {
                conversation.activeLeaf = nil
            }
            return conversation
        }
        let messages = document.messages.map { message in
            var message = message
            if message.state == .streaming { message.state = .interrupted }
            message.cancelToolUses()
            return message
        }
        summary.conversations = try await self.add(conversations, to: &batch)
        summary.messages = try await self.add(messages, to: &batch)
        summary.personas = try await self.add(document.personas, to: &batch)
        summary.context = try await self.add(document.context, to: &batch)
        summary.preferences = try await self.add(document.preferences, to: &batch)
        summary.providers = try await self.add(document.providers, to: &batch)
        let items =
            conversations.count + messages.count + document.personas.count + document.context.count
            + document.preferences.count + document.providers.count
        summary.skipped = items - batch.count
        try await self.store.commit(batch)
        return summary
    }

    /// Adds those records that are not here.
    ///
    /// - Returns: how many.
    private func add<R: SealedRecord>(_ records: [R], to batch: inout SealedBatch) async throws -> Int {
        let known = try await self.store.stamps(of: records.map(\.id), in: R.collection)
        let before = batch.count
        for record in records {
            let stamp = known[record.id]
            guard stamp?.isTombstone != false else { continue }
            try batch.put(record, basedOn: stamp?.version ?? 0)
        }
        return batch.count - before
    }

    /// Says where a document stops being one, without what is there.
    private static func describe(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, let context):
            "\(self.place(context.codingPath + [key])) is missing."
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "\(self.place(context.codingPath)) is not of the right type."
        case .dataCorrupted(let context) where context.codingPath.isEmpty:
            "The file is not JSON."
        case .dataCorrupted(let context):
            "\(self.place(context.codingPath)) has a value that cannot be."
        @unknown default:
            "The file is not an export of cherry."
        }
    }

    /// The first steps of a path; deeper keys may be the user's own.
    private static func place(_ path: [any CodingKey]) -> String {
        path.prefix(3).reduce(into: "") { text, key in
            if let index = key.intValue {
                text += "[\(index)]"
            } else {
                text += text.isEmpty ? key.stringValue : ".\(key.stringValue)"
            }
        }
    }

    private static func invalid(_ message: String) -> AssistantError {
        AssistantError(
            .invalid,
            message: "\(message) Nothing was imported.",
            hint: "Import a file that this program exported, unchanged."
        )
    }
}
