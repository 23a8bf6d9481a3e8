import CherryCore

/// Looks for the one row that explains why a digest does not fit the rows.
///
/// Pure: terms come from a closure. The number of terms computed is bounded.
struct TamperSearch {
    /// What happened to a row.
    enum Finding: Equatable {
        /// It is there and was never written, or was deleted.
        case added(RecordStamp)
        /// It was written at this version and is not there.
        case dropped(RecordStamp)
        /// It is there at a version older than `written`.
        case rolledBack(RecordStamp, written: Int64)
    }

    /// Terms to compute at most; about two microseconds each.
    private static let budget = 2_000_000
    private static let versionsTried = 16...1024

    /// What the sealed digest has and the rows have not.
    let missing: SetDigest
    /// Live rows under the key.
    let present: [RecordStamp]
    /// Rows that are not live under the key and may have been: tombstones, rows under other keys.
    let absent: [RecordStamp]
    let term: (RecordStamp) throws -> [UInt8]

    /// The row that explains the difference alone; `nil` when none does.
    func run() throws -> Finding? {
        switch self.missing.count {
        case -1: try self.present.first(where: { try self.explains(less: $0) }).map { .added($0) }
        case 0: try self.rolledBack()
        case 1: try self.dropped()
        default: nil
        }
    }

    private func rolledBack() throws -> Finding? {
        for stamp in self.present {
            for written in stamp.version + 1...stamp.version + self.reach(of: self.present)
            where try self.explains(stamp.at(written), less: stamp) {
                return .rolledBack(stamp, written: written)
            }
        }
        return nil
    }

    private func dropped() throws -> Finding? {
        for stamp in self.absent {
            let reach = self.reach(of: self.absent)
            for version in max(1, stamp.version - reach)...stamp.version + reach
            where try self.explains(stamp.at(version)) {
                return .dropped(stamp.at(version))
            }
        }
        return nil
    }

    private func reach(of stamps: [RecordStamp]) -> Int64 {
        let share = Self.budget / max(1, stamps.count)
        return Int64(min(max(share, Self.versionsTried.lowerBound), Self.versionsTried.upperBound))
    }

    private func explains(_ more: RecordStamp? = nil, less: RecordStamp? = nil) throws -> Bool {
        var difference = SetDigest()
        if let more { difference.add(try self.term(more), in: more.collection) }
        if let less { difference.subtract(try self.term(less), in: less.collection) }
        return difference.countsSameRows(as: self.missing)
    }
}

extension RecordStamp {
    fileprivate func at(_ version: Int64) -> RecordStamp {
        RecordStamp(collection: self.collection, id: self.id, version: version)
    }
}
