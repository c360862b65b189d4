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

    var count: Int { names.count }

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
    }

    /// Of an image.
    func lossChange(_ row: Int) -> Double? {
        let change = lossB[row] - lossA[row]
        return change.isNaN ? nil : change
    }

    /// Images exactly right in b alone, and in a alone.
    func exactChanges() -> (fixed: Int, broken: Int) {
        changes(zip(targets.differences(a).words, targets.differences(b).words))
    }

    /// Decisions of a label that are right in b alone, and in a alone.
    func changes(_ label: Int) -> (fixed: Int, broken: Int) {
        changes(
            targets.column(label).lazy.map { word in
                let target = targets.words[word]
                return (target ^ a.words[word], target ^ b.words[word])
            })
    }

    /// Of what is wrong in a and in b, 64 of them a word.
    private func changes(_ wrong: some Sequence<(UInt64, UInt64)>) -> (fixed: Int, broken: Int) {
        wrong.reduce(into: (0, 0)) { sums, words in
            sums.0 += (words.0 & ~words.1).nonzeroBitCount
            sums.1 += (words.1 & ~words.0).nonzeroBitCount
        }
    }

    /// The images of which the two predict different labels.
    func flipped() -> [Int] {
        let differs = a.differences(b)
        return (0..<count).filter { differs[0, $0] }
    }
}
