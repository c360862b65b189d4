/// Whether the numbers of a record that was read are such as this program writes: whoever adds or draws them relies on it.
struct RecordRanges {
    private let record: EvaluationRecord
    /// Images with a full target.
    private let count: Int

    init(_ record: EvaluationRecord) {
        self.record = record
        count = record.images.known.map { $0.count { $0 } } ?? record.images.count
    }

    /// What is out of range first, and its range; nil where nothing is.
    var complaint: (what: String, expected: String)? {
        let decisions = Double(record.images.count) * Double(record.labels.count)
        let checks: [(what: String, expected: String, isMet: Bool)] = [
            ("a score", "probabilities from 0 to 1", record.images.columns.first { !(0...1).contains($0) } == nil),
            ("a threshold", "thresholds from 0 to 1", record.thresholds.allSatisfy((0...1).contains)),
            (
                "a loss", "losses from 0 to \(CrossEntropy.most)",
                record.images.losses.allSatisfy { $0.isNaN || (0...CrossEntropy.most).contains($0) }
            ),
            (
                "a threshold of the curve", "thresholds from 0 to 1",
                record.thresholdCurve.allSatisfy {
                    (0...1).contains($0.threshold) && isShare($0.accuracyMulti) && isShare($0.macroF1)
                }
            ),
            (
                "a cell of the matrix", "0 to \(decisions)",
                record.confusion.matrix.allSatisfy { $0.allSatisfy((0...decisions).contains) }
            ),
            (
                "a figure of all images", "\(count) images, shares from 0 to 1",
                fits(record.figures, count) && fits(record.nullFigures, count)
            ),
            (
                "a label's count", "\(count) images",
                (record.perLabel + (record.nullPerLabel ?? [])).allSatisfy { fits($0, count) }
            ),
            (
                "a slice's figure", "0 to \(count) images, shares from 0 to 1",
                record.slices.allSatisfy { slice in
                    (0...count).contains(slice.figures.count) && fits(slice.figures, slice.figures.count)
                        && slice.perLabel.allSatisfy { fits($0, slice.figures.count) }
                }
            ),
            (
                "the number of images trained on", "0 to \(record.images.count)",
                record.trainedOn.map((0...record.images.count).contains) ?? true
            ),
        ]
        return checks.first { !$0.isMet }.map { ($0.what, $0.expected) }
    }

    private func isShare(_ value: Double?) -> Bool { value.map((0...1).contains) ?? true }

    private func fits(_ figures: Figures, _ count: Int) -> Bool {
        figures.count == count && (0...count).contains(figures.noPredictionCount)
            && [figures.exactMatch, figures.accuracyMulti, figures.hammingLoss].allSatisfy(isShare)
    }

    /// Each part is compared with the whole first, so that no sum is beyond what a number holds.
    private func fits(_ label: LabelFigures, _ count: Int) -> Bool {
        let parts = [label.tp, label.fp, label.fn, label.tn]
        return parts.allSatisfy((0...count).contains) && parts.reduce(0, +) == count
            && label.support == label.tp + label.fn
    }
}
