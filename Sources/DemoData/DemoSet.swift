import Dispatch
import Evaluation
import Foundation
import Raster
import Synchronization

/// The drawn data set: 1,016 pictures under the notebook's eight labels, with faults planted and listed.
public struct DemoSet: Sendable {
    /// A row as it is written; `truth` is what was drawn.
    public struct Row: Sendable, Equatable {
        public var name: String
        public var labels: [String]
        public var truth: [String]
        public var isValid: Bool
        var seed: UInt64
        /// The row whose picture this one repeats, and whether to the byte.
        var copyOf: Int?
        var isExactCopy = false
    }

    /// A line of `planted.csv`.
    public struct Fault: Sendable, Equatable {
        public var kind: String
        public var name: String
        public var other: String
        public var detail: String
    }

    public let rows: [Row]
    public let faults: [Fault]

    /// Labels, how many pictures, and what their names start with.
    static let plan: [(labels: [String], count: Int, prefix: String)] = [
        (["-"], 130, "I"), (["Cloth"], 150, "C"), (["Gas"], 100, "G"), (["KN95"], 130, "KN"), (["Medical"], 110, "M"),
        (["Surgical"], 110, "S"), (["No_mask!"], 150, "No"), (["Shield"], 76, "Sh"), (["Shield", "Surgical"], 14, "X"),
        (["Medical", "Shield"], 12, "X"), (["KN95", "Shield"], 10, "X"), (["Cloth", "Medical"], 8, "X"),
        (["Cloth", "KN95"], 6, "X"), (["Cloth", "KN95", "Medical"], 6, "X"), ([], 4, "E"),
    ]
    static let validationCount = 203
    static let wrongLabelCount = 12
    static let copyCount = 10

    public init(seed: UInt64 = 7) {
        var random = SeededGenerator(seed: seed)
        var rows: [Row] = []
        var numbers: [String: Int] = [:]
        for (labels, count, prefix) in Self.plan {
            for _ in 0..<count {
                numbers[prefix, default: 0] += 1
                let number = String(numbers[prefix] ?? 0)
                let name = prefix + String(repeating: "0", count: max(0, 3 - number.count)) + number + ".jpg"
                rows.append(Row(name: name, labels: labels, truth: labels, isValid: false, seed: random.next()))
            }
        }
        for index in random.permutation(rows.count).prefix(Self.validationCount) { rows[index].isValid = true }
        var faults = Self.plantCopies(in: &rows, &random)
        faults += Self.plantWrongLabels(in: &rows, &random)
        faults.append(
            Fault(kind: "duplicate_label", name: "", other: "", detail: "Medical and Surgical are drawn alike"))
        self.rows = rows
        self.faults = faults
    }

    /// Ten pictures repeat another of their label: half to the byte, half nearly; one of each kind across the split.
    private static func plantCopies(in rows: inout [Row], _ random: inout SeededGenerator) -> [Fault] {
        var faults: [Fault] = []
        var used = Set<Int>()
        for copy in 0..<copyCount {
            let isExact = copy % 2 == 0
            let crosses = copy < 2
            let order = random.permutation(rows.count).filter { rows[$0].truth.count == 1 && !used.contains($0) }
            for source in order where !rows[source].isValid {
                guard
                    let target = order.first(where: {
                        $0 != source && rows[$0].truth == rows[source].truth && rows[$0].isValid == crosses
                    })
                else { continue }
                used.formUnion([source, target])
                rows[target].copyOf = source
                rows[target].isExactCopy = isExact
                faults.append(
                    Fault(
                        kind: isExact ? "exact_duplicate" : "near_duplicate", name: rows[target].name,
                        other: rows[source].name, detail: crosses ? "across the split" : "within training"))
                break
            }
        }
        return faults
    }

    /// A dozen pictures under another label than their own; never Medical for Surgical, which nobody could tell.
    private static func plantWrongLabels(in rows: inout [Row], _ random: inout SeededGenerator) -> [Fault] {
        let choices = ["-", "Cloth", "Gas", "KN95", "No_mask!", "Shield"]
        let copies = Set(rows.compactMap(\.copyOf) + rows.indices.filter { rows[$0].copyOf != nil })
        let candidates = random.permutation(rows.count).filter {
            rows[$0].truth.count == 1 && choices.contains(rows[$0].truth[0]) && !copies.contains($0)
        }
        return candidates.prefix(wrongLabelCount).map { index in
            let others = choices.filter { $0 != rows[index].truth[0] }
            rows[index].labels = [others[random.integer(below: others.count)]]
            return Fault(
                kind: "wrong_label", name: rows[index].name, other: "",
                detail: "\(rows[index].truth[0]) written as \(rows[index].labels[0])")
        }
    }

    /// Writes `images/`, `labels.csv` and `planted.csv` below `folder`, on every core.
    /// - Parameter progress: called from any thread with how many pictures are drawn.
    public func write(to folder: String, progress: @escaping @Sendable (Int) -> Void = { _ in }) throws {
        try FileManager.default.createDirectory(atPath: folder + "/images", withIntermediateDirectories: true)
        let state = Mutex((done: 0, failure: (any Error)?.none))
        _ = Parallel.map(rows.count, threads: Parallel.threads) { index in
            do {
                try FileBytes.write(try bytes(of: index), to: "\(folder)/images/\(rows[index].name)")
                progress(
                    state.withLock { state in
                        state.done += 1
                        return state.done
                    })
            } catch {
                state.withLock { $0.failure = error }
            }
        }
        if let failure = state.withLock({ $0.failure }) { throw failure }
        let table = rows.sorted { $0.name < $1.name }.reduce(into: CSV.line(["fname", "labels", "is_valid"])) {
            text, row in
            text += CSV.line([row.name, row.labels.joined(separator: ";"), row.isValid ? "True" : "False"])
        }
        try FileBytes.write(table, to: folder + "/labels.csv")
        let planted = faults.reduce(into: CSV.line(["kind", "fname", "other", "detail"])) { text, fault in
            text += CSV.line([fault.kind, fault.name, fault.other, fault.detail])
        }
        try FileBytes.write(planted, to: folder + "/planted.csv")
    }

    /// The JPEG of a row.
    public func bytes(of index: Int) throws -> [UInt8] {
        let row = rows[index]
        guard let source = row.copyOf else {
            var random = SeededGenerator(seed: row.seed, 1)
            return try Picture.draw(labels: row.truth, seed: row.seed)
                .jpegBytes(quality: 70 + random.integer(below: 26))
        }
        if row.isExactCopy { return try bytes(of: source) }
        // A near copy: a rim cut away, a little brighter, saved again.
        let image = try Image(decoding: bytes(of: source), named: rows[source].name)
        var cut = image.cropped(x: 3, y: 2, width: image.width - 5, height: image.height - 4)
        cut.pixels = cut.pixels.map { UInt8(min(255, Int($0) + 6)) }
        return try cut.jpegBytes(quality: 80)
    }
}
