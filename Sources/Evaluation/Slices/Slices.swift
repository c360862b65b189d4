/// A named part of the images.
public struct Slice: Sendable, Equatable {
    public var name: String
    /// Indices of the record's images.
    public var rows: [Int]

    public init(name: String, rows: [Int]) {
        self.name = name
        self.rows = rows
    }

    /// A part for each value that `values` names; images without one are in none. Sorted by name.
    /// - Parameter kind: what the values are of, such as a column.
    public static func byValue(_ kind: String, _ values: [String?]) -> [Slice] {
        var rows: [String: [Int]] = [:]
        for (row, value) in values.enumerated() { if let value { rows[value, default: []].append(row) } }
        return rows.keys.sorted().map { Slice(name: "\(kind) = \($0.isEmpty ? "(empty)" : $0)", rows: rows[$0] ?? []) }
    }

    /// A part for each folder that images lie in; nothing where all lie in one.
    public static func byFolder(_ names: [String]) -> [Slice] {
        let folders = names.map { name in name.lastIndex(of: "/").map { String(name[..<$0]) } ?? "." }
        return Set(folders).count < 2 ? [] : byValue("folder", folders)
    }

    /// Parts of about equal size by a number, at most `bins`; equal numbers stay together, so there may be fewer.
    public static func byQuantile(_ kind: String, _ values: [Double], bins: Int = 4) -> [Slice] {
        let sorted = values.sorted()
        guard let last = sorted.last, bins > 1 else { return [] }
        let cuts = Array(Set((1..<bins).map { sorted[$0 * sorted.count / bins] })).sorted().filter { $0 > sorted[0] }
        guard !cuts.isEmpty else { return [] }
        let edges = [sorted[0]] + cuts + [last]
        return (0...cuts.count).map { bin in
            let rows = values.indices.filter { row in cuts.count { $0 <= values[row] } == bin }
            let (low, high) = (FigureText.of(edges[bin]), FigureText.of(edges[bin + 1]))
            return Slice(name: "\(kind) \(low) to \(high)", rows: rows)
        }
    }
}
