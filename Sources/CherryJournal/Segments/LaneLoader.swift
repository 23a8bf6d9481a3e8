import Glibc

/// Reads all segments of a lane and finds out what is there, what is damaged and what is gone.
struct LaneLoader {
    private(set) var index: LaneIndex
    /// Files that hold nothing that can be read.
    private(set) var unusable: [String] = []
    /// Where the last segment's last record ends, for cutting what was torn behind it.
    private(set) var lastEnd = 0
    private(set) var tornBytes = 0
    private(set) var guessedKinds = 0
    /// Whether the figures in the segments' heads are those of the records between them.
    private(set) var isConsistent = true

    private var headers: [SegmentHeader] = []

    /// Loads a lane.
    ///
    /// - Parameters:
    ///   - journal: the journal's id; segments of another are unusable.
    ///   - known: where the lane was when the state was written last: at least that many records there have been.
    ///   - start: the first position that somebody still needs; `nil` when that is what is there.
    init(folder: String, lane: JournalLane, journal: UInt64, known: LaneMark, start: UInt64?) throws {
        self.index = LaneIndex(lane)
        let files = try JournalFile.names(in: folder).compactMap { name in Segment.parse(name) }
            .filter { $0.lane == lane }.sorted { $0.sequence < $1.sequence }
        let heads = try files.map { file in try Self.header(Segment.path(folder, lane, file.sequence)) }
        for (number, file) in files.enumerated() {
            let path = Segment.path(folder, lane, file.sequence)
            self.index.nextSequence = file.sequence + 1
            var header = heads[number]
            if let found = header, found.journal != journal || found.lane != lane || found.sequence != file.sequence {
                header = nil
            }
            let limit = number + 1 < heads.count ? heads[number + 1]?.mark.position : nil
            try self.add(path, sequence: file.sequence, header: header, until: limit)
        }
        self.finish(known: known, start: start)
    }

    private static func header(_ path: String) throws -> SegmentHeader? {
        try SegmentHeader.decode(try JournalFile(path, flags: O_RDONLY).read(SegmentHeader.size, at: 0))
    }

    private mutating func add(_ path: String, sequence: UInt64, header: SegmentHeader?, until limit: UInt64?) throws {
        let file = try JournalFile(path, flags: O_RDONLY)
        let size = try file.size
        let bytes = try file.read(size, at: 0)
        let expected = self.index.segments.last?.end
        let (scan, firstTrail) = bytes.withUnsafeBytes { bytes in
            let frame = BlockFrame.read(bytes, at: SegmentHeader.size)
            let scan = SegmentScan(
                bytes,
                lane: self.index.lane,
                first: header?.mark.position ?? frame?.position ?? expected,
                until: limit
            )
            let offset = scan.slots.count > 0 ? scan.slots[0].offset : nil
            return (scan, offset.flatMap { BlockFrame.read(bytes, at: $0) }?.trail)
        }
        self.tornBytes += scan.tornBytes
        self.guessedKinds += scan.guessedKinds
        guard let first = scan.first, header != nil || scan.slots.count > 0 else {
            self.unusable.append(path)
            return
        }
        if let expected { self.join(expected, first, header?.mark.trail ?? firstTrail ?? KindTrail()) }
        self.index.segments.append(
            Segment(sequence: sequence, path: path, first: first, slots: scan.slots, size: size)
        )
        self.lastEnd = scan.end
        if let header { self.headers.append(header) }
    }

    /// Makes the segments so far end where the next begins.
    private mutating func join(_ expected: UInt64, _ first: UInt64, _ trail: KindTrail) {
        if first > expected {
            let last = self.index.segments.count - 1
            self.guessedKinds += self.index.segments[last].slots.appendLost(
                first - expected,
                before: trail,
                in: self.index.lane
            )
        }
        // Written, never acknowledged, and written again into the next segment.
        for number in self.index.segments.indices.reversed() where self.index.segments[number].end > first {
            let extra = min(self.index.segments[number].end - first, UInt64(self.index.segments[number].slots.count))
            self.index.segments[number].slots.removeLast(Int(extra))
        }
    }

    private mutating func finish(known: LaneMark, start: UInt64?) {
        let first = self.headers.first?.mark ?? known
        if let start, start < self.index.start || (self.index.segments.isEmpty && start < known.position) {
            var gone = Segment(sequence: 0, path: "", first: start, size: 0)
            let next = self.index.segments.first?.first ?? known.position
            self.guessedKinds += gone.slots.appendLost(next - start, before: first.trail, in: self.index.lane)
            self.index.segments.insert(gone, at: 0)
        }
        let end = self.index.segments.last?.end ?? known.position
        if known.position > end {
            let last = self.index.segments.count - 1
            self.guessedKinds += self.index.segments[last].slots.appendLost(
                known.position - end,
                before: known.trail,
                in: self.index.lane
            )
        }
        // From one known place to the next, the records between must be what the figures say.
        let marks = (self.headers.map(\.mark) + [known]).sorted { $0.position < $1.position }
        var mark = marks[0]
        for next in marks.dropFirst() {
            if mark.position >= self.index.start { self.pass(&mark, to: next.position) } else { mark = next }
            if mark.written != next.written {
                self.isConsistent = false
                mark = next
            }
        }
        self.pass(&mark, to: self.index.segments.last?.end ?? mark.position)
        self.index.mark = mark
    }

    private func pass(_ mark: inout LaneMark, to end: UInt64) {
        while mark.position < end, let number = self.index.segment(of: mark.position) {
            let segment = self.index.segments[number]
            let stop = min(segment.end, end)
            while mark.position < stop { mark.pass(segment.slots.kind(Int(mark.position - segment.first))) }
        }
    }
}
