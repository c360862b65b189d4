/// The rows of a label table: a collection of `LabelTable.Row` that makes each when it is asked for.
///
/// A million images take the bytes of their names, four a label they carry, and no objects.
public struct LabelRows: RandomAccessCollection, Sendable, Equatable {
    private(set) var names = NameList()
    /// Every label that occurs, in no order; each once.
    private(set) var labels: [String] = []
    /// Indices into `labels`, image by image.
    private var sets: [UInt32] = []
    /// Where each image's labels end in `sets`.
    private var ends: [Int] = []
    /// 0, 1, or 2 where the table does not say; nil when it says of none.
    private var validity: [UInt8]?

    public var startIndex: Int { 0 }
    public var endIndex: Int { ends.count }

    public subscript(index: Int) -> LabelTable.Row {
        let isValid = validity.flatMap { $0[index] == 2 ? nil : $0[index] == 1 }
        return LabelTable.Row(name: names[index], labels: numbers(index).map { labels[Int($0)] }, isValid: isValid)
    }

    /// Indices into `labels` of the labels of an image, in its order.
    func numbers(_ index: Int) -> ArraySlice<UInt32> { sets[(index == 0 ? 0 : ends[index - 1])..<ends[index]] }

    init(_ rows: some Sequence<LabelTable.Row>) {
        var known: [String: UInt32] = [:]
        for row in rows {
            names.append(row.name)
            for label in row.labels {
                let number = known[label] ?? UInt32(labels.count)
                if number == labels.count {
                    known[label] = number
                    labels.append(label)
                }
                sets.append(number)
            }
            ends.append(sets.count)
            if row.isValid != nil, validity == nil { validity = Array(repeating: 2, count: ends.count - 1) }
            validity?.append(row.isValid.map { $0 ? 1 : 0 } ?? 2)
        }
    }

    /// - Parameters:
    ///   - labels: each once.
    ///   - sets: indices into `labels` in an image's order, ending at `ends`.
    init(names: NameList, labels: [String], sets: [UInt32], ends: [Int], validity: [UInt8]?) {
        (self.names, self.labels, self.sets, self.ends) = (names, labels, sets, ends)
        self.validity = validity
    }

    /// Those that an image carries.
    var usedLabels: Set<String> {
        var isUsed = [Bool](repeating: false, count: labels.count)
        for number in sets { isUsed[Int(number)] = true }
        return Set(zip(labels, isUsed).lazy.filter(\.1).map(\.0))
    }

    func restricted(to kept: Set<String>) -> LabelRows {
        let isKept = labels.map(kept.contains)
        var result = self
        result.sets = []
        result.ends = []
        for row in indices {
            for number in numbers(row) where isKept[Int(number)] { result.sets.append(number) }
            result.ends.append(result.sets.count)
        }
        return result
    }

    public static func == (a: LabelRows, b: LabelRows) -> Bool { a.elementsEqual(b) }
}
