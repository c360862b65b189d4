/// The images of two evaluations whose truth is known in full, side by side: a bit for each image and label, images in the
/// order of their names, labels in the first one's.
///
/// So the order of a file changes nothing, and a million images of 20 labels take some bytes each.
struct PairedImages: Sendable {
    let names: NameList
    let targets: LabelBits
    /// What each of the two predicts.
    let a: LabelBits
    let b: LabelBits
    /// NaN where there is none.
    let lossA: [Double]
    let lossB: [Double]
    /// For draws that keep the labels' shares.
    let strata: [Int]

    var count: Int { names.count }
    var width: Int { targets.width }

    /// - Parameters:
    ///   - rowsB: where each image of a lies in b; nil for the same place.
    ///   - labelsB: where each label of a lies in b; nil for the same place.
    init(_ a: EvaluationRecord, _ b: EvaluationRecord, rowsB: [Int]? = nil, labelsB: [Int]? = nil) {
        let rows = a.images.names.byName(a.images.indices.filter(a.images.isKnown))
        let others = rowsB.map { rowsB in rows.map { rowsB[$0] } } ?? rows
        names = NameList(rows.lazy.map { a.images.names[$0] })
        targets = a.images.targets.gathered(rows)
        self.a = a.images.predicted.gathered(rows)
        self.b = b.images.predicted.gathered(others, labels: labelsB)
        lossA = rows.map { a.images.losses[$0] }
        lossB = others.map { b.images.losses[$0] }
        strata = LabelColumns(a).strata()
    }

    /// Of an image.
    func lossChange(_ row: Int) -> Double? {
        let change = lossB[row] - lossA[row]
        return change.isNaN ? nil : change
    }

    /// Images exactly right in b alone, and in a alone.
    func exactChanges() -> (fixed: Int, broken: Int) {
        let (wrongA, wrongB) = (targets.differences(a), targets.differences(b))
        return zip(wrongA, wrongB).reduce(into: (0, 0)) { sums, words in
            sums.0 += (words.0 & ~words.1).nonzeroBitCount
            sums.1 += (words.1 & ~words.0).nonzeroBitCount
        }
    }

    /// Decisions of a label that are right in b alone, and in a alone.
    func changes(_ label: Int) -> (fixed: Int, broken: Int) {
        var (fixed, broken) = (0, 0)
        for word in targets.column(label) {
            let wrongA = targets.words[word] ^ a.words[word]
            let wrongB = targets.words[word] ^ b.words[word]
            fixed += (wrongA & ~wrongB).nonzeroBitCount
            broken += (wrongB & ~wrongA).nonzeroBitCount
        }
        return (fixed, broken)
    }

    /// The images of which the two predict different labels.
    func flipped() -> [Int] {
        let words = a.differences(b)
        return (0..<count).filter { words[$0 >> 6] >> UInt64($0 & 63) & 1 != 0 }
    }
}
