public import CherryCore
public import Foundation

/// What an audit of the store found besides the stamps it handed out.
public struct StoreAudit: Sendable {
    /// The sealed digest of each key.
    public let digests: [KeyID: Data]
    /// Rows on which the table and the change feed disagree: dropped, rolled back or added behind the feed's back.
    public let strays: [RecordStamp]

    /// Describes findings.
    public init(digests: [KeyID: Data], strays: [RecordStamp]) {
        self.digests = digests
        self.strays = strays
    }
}
