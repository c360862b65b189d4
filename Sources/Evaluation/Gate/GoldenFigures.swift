/// What a golden set itself says of a record: figures that need its expectations and exclusive labels, or no truth at all.
struct GoldenFigures {
    let golden: GoldenSet
    let record: EvaluationRecord
    /// In the order of the expectations, then of the images.
    let broken: [ExpectationResult]
    /// Patterns that match no image.
    let unmatched: [String]
    /// Images with an expectation.
    let expected: Set<String>

    init(_ golden: GoldenSet, _ record: EvaluationRecord) {
        (self.golden, self.record) = (golden, record)
        var (broken, unmatched, expected) = ([ExpectationResult](), [String](), Set<String>())
        for expectation in golden.expectations {
            let glob = Glob(expectation.match)
            let matched = record.images.filter { glob.matches($0.name) }
            if matched.isEmpty { unmatched.append(expectation.match) }
            for image in matched {
                expected.insert(image.name)
                if let result = Self.broken(expectation, image, record) { broken.append(result) }
            }
        }
        (self.broken, self.unmatched, self.expected) = (broken, unmatched, expected)
    }

    /// Images that meet all of their expectations, of those that have any.
    var expectationCounts: (met: Int, count: Int) { (expected.subtracting(broken.map(\.image)).count, expected.count) }

    /// Images with an exclusive label beside another.
    var contradictions: Int {
        let exclusive = Set(golden.exclusive.compactMap(record.labels.firstIndex))
        return record.images.count { image in
            image.predicted.count > 1 && !exclusive.isDisjoint(with: image.predicted)
        }
    }

    /// Images for which nothing is predicted, of all or of those below a folder: those without truth count too. Nil if there
    /// is no such slice.
    func unpredicted(slice: String?) -> (count: Int, of: Int)? {
        var names: Set<String>?
        if let slice {
            guard let rows = golden.slices[slice] else { return nil }
            names = Set(rows.map { golden.images[$0] })
        }
        let images = record.images.filter { names?.contains($0.name) ?? true }
        return (images.count(where: \.predicted.isEmpty), images.count)
    }

    /// Images that an earlier record of the same golden set had right and this one has wrong.
    func newlyBroken(since earlier: GoldenFigures) -> Int {
        earlier.right.intersection(record.images.map(\.name)).subtracting(right).count
    }

    /// Images that are called what their labels and all of their expectations say.
    private var right: Set<String> {
        let exact = record.images.indices.filter { !record.images.isKnown($0) || record.images.isExact($0) }
        return Set(exact.map { record.images.names[$0] }).subtracting(broken.map(\.image))
    }

    private static func broken(
        _ expectation: GoldenSet.Expectation, _ image: ImageOutcome, _ record: EvaluationRecord
    ) -> ExpectationResult? {
        let said = Set(image.predicted.map { record.labels[$0] })
        var wants: [String] = []
        if expectation.none, !said.isEmpty { wants.append("nothing predicted") }
        wants += expectation.must.filter { !said.contains($0) }.map { "must be \($0)" }
        wants += expectation.mustNot.filter { said.contains($0) }.map { "must not be \($0)" }
        guard !wants.isEmpty else { return nil }
        return ExpectationResult(
            image: image.name, expected: wants.joined(separator: ", "),
            got: said.isEmpty ? ConfusionMatrix.nothing(beside: record.labels) : record.names(image.predicted))
    }
}
