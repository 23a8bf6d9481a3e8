import CherryCore
import CherryJournal

/// What a server says of each item of a bulk request. Its status is 200 also when some items failed.
struct BulkResponse: Sendable, Hashable {
    /// In the order of the request.
    let outcomes: [DeliveryOutcome]
    /// Whether the server has too much to do.
    let isBusy: Bool

    /// Reads an answer.
    ///
    /// - Parameter ids: of the documents that were sent.
    /// - Returns: `nil` when it is no answer to this request.
    init?(_ body: [UInt8], ids: [String]) {
        guard let answer = try? JSONValue(parsing: body),  // no JSON: no answer either
            let items = answer["items"]?.array, items.count == ids.count
        else { return nil }
        var outcomes: [DeliveryOutcome] = []
        var isBusy = false
        for (item, id) in zip(items, ids) {
            guard let create = item["create"], create["_id"]?.string == id, let status = create["status"]?.integer
            else { return nil }
            outcomes.append(Self.outcome(status))
            isBusy = isBusy || status == 429 || status == 503
        }
        self.outcomes = outcomes
        self.isBusy = isBusy
    }

    private static func outcome(_ status: Int) -> DeliveryOutcome {
        let reason = "item_\(status)"
        return switch status {
        case 200..<300: .sent
        case 409: .sent  // it is there already, from an attempt whose answer got lost
        case 408, 425, 429, 500...: .retry(reason: reason)
        case 401, 403, 404: .retry(reason: reason)  // a right or the data stream is missing, not the document's fault
        default: .quarantine(reason: reason)
        }
    }
}
