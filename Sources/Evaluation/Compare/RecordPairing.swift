/// Which image and label of one evaluation is which of another's, and whether the two can be compared at all.
struct RecordPairing {
    private let a: EvaluationRecord
    private let b: EvaluationRecord

    /// The images of both, matched by name, labels by name.
    /// - Throws: `InputError` saying what differs, or that nothing does.
    static func match(_ a: EvaluationRecord, _ b: EvaluationRecord) throws -> PairedImages {
        try RecordPairing(a: a, b: b).match()
    }

    /// Refuses an earlier evaluation that a later one cannot be held against: one of other images, labels, truth or pictures,
    /// or of the same scores, unless both are known to be of two models.
    static func requireBaseline(_ baseline: EvaluationRecord, of record: EvaluationRecord) throws(InputError) {
        let pairing = RecordPairing(a: baseline, b: record)
        let labels = try pairing.places(NameList(baseline.labels), NameList(record.labels), "label")
        let rows = try pairing.places(baseline.images.names, record.images.names, "image name")
        try pairing.requireSameTruth(rows, labels)
        let areTwoModels =
            baseline.model.flatMap { one in record.model.map { other in one.digests != other.digests } } ?? false
        if !areTwoModels { try pairing.requireChange(rows, labels) }
    }

    private func match() throws -> PairedImages {
        let labels = try places(NameList(a.labels), NameList(b.labels), "label")
        let rows = try places(a.images.names, b.images.names, "image name")
        try requireSameTruth(rows, labels)
        guard a.images.indices.contains(where: a.images.isKnown) else {
            throw refusal("nothing to compare", "at least one image with full labels", "none")
        }
        try requireChange(rows, labels)
        return PairedImages(a, b, rowsB: rows, labelsB: labels)
    }

    private func refusal(_ what: String, _ expected: String, _ got: String) -> InputError {
        InputError(what, at: "'\(a.title)' and '\(b.title)'", expected: expected, got: got)
    }

    /// Where each name of `x` lies in `y`.
    private func places(_ x: NameList, _ y: NameList, _ kind: String) throws(InputError) -> [Int] {
        let (indexX, indexY) = (
            try NameIndex(x, kind, in: "'\(a.title)'"), try NameIndex(y, kind, in: "'\(b.title)'")
        )
        let places = x.indices.map { row in x.withBytes(row) { indexY[$0] } }
        let left = places.indices.filter { places[$0] == nil }.map { x[$0] }
        let right = y.indices.filter { row in y.withBytes(row) { indexX[$0] } == nil }.map { y[$0] }
        guard left.isEmpty, right.isEmpty else {
            let few = (left.sorted().prefix(3) + right.sorted().prefix(3)).prefix(3)
            throw refusal(
                "the evaluations are not of the same images and labels", "the same on both sides",
                "\(left.count) only in the first and \(right.count) only in the second, such as "
                    + few.map { "'\($0)'" }.joined(separator: ", "))
        }
        return places.compactMap { $0 }
    }

    private func requireSameTruth(_ rows: [Int], _ labels: [Int]) throws(InputError) {
        let (first, second) = (a.images, b.images)
        for (row, other) in rows.enumerated() {
            let isSame =
                first.isKnown(row) == second.isKnown(other)
                && labels.indices.allSatisfy { first.targets[$0, row] == second.targets[labels[$0], other] }
            guard isSame else {
                throw refusal(
                    "the evaluations have different truth", "the same labels for '\(first.names[row])'",
                    "'\(a.names(first[row].target ?? []))' and '\(b.names(second[other].target ?? []))'")
            }
            if let digest = first.digests?[row], let another = second.digests?[other], digest != another {
                throw refusal(
                    "the evaluations saw different pictures", "the same pixels for '\(first.names[row])'",
                    "two pictures")
            }
        }
    }

    /// The same model with other thresholds makes other decisions, which is worth comparing.
    private func requireChange(_ rows: [Int], _ labels: [Int]) throws(InputError) {
        guard labels.indices.allSatisfy({ a.thresholds[$0] == b.thresholds[labels[$0]] }) else { return }
        let isSameModel = a.model.map { $0.digests == b.model?.digests } ?? false
        let (first, second) = (a.images.columns, b.images.columns)
        let isSame =
            isSameModel
            || labels.indices.allSatisfy { label in
                rows.indices.allSatisfy { first[label, $0] == second[labels[label], rows[$0]] }
            }
        guard !isSame else {
            throw refusal(
                "a model is compared with itself", "two models, or one at other thresholds",
                isSameModel ? "the same weights, configuration and thresholds" : "the same scores and thresholds")
        }
    }
}
