/// One image as two evaluations have it, in the first one's label order.
struct PairedImages {
    var name: String
    var target: Set<Int>?
    var a: Set<Int>
    var b: Set<Int>
    var lossA: Double?
    var lossB: Double?

    var lossChange: Double? {
        guard let lossA, let lossB else { return nil }
        return lossB - lossA
    }

    /// Whether every label is right; false without a full target.
    func isRight(_ side: KeyPath<PairedImages, Set<Int>>) -> Bool { target == self[keyPath: side] }

    func isRight(_ side: KeyPath<PairedImages, Set<Int>>, _ label: Int) -> Bool {
        target?.contains(label) == self[keyPath: side].contains(label)
    }

    /// The images of both, matched by name, labels by name.
    /// - Throws: `InputError` saying what differs, or that nothing does.
    static func match(_ a: EvaluationRecord, _ b: EvaluationRecord) throws -> [PairedImages] {
        func refuse(_ what: String, _ expected: String, _ got: String) -> InputError {
            InputError(what, at: "'\(a.title)' and '\(b.title)'", expected: expected, got: got)
        }
        func only(_ x: [String], _ y: [String]) throws {
            let (left, right) = (Set(x).subtracting(y).sorted(), Set(y).subtracting(x).sorted())
            guard left.isEmpty, right.isEmpty else {
                let few = (left + right).prefix(3).map { "'\($0)'" }.joined(separator: ", ")
                throw refuse(
                    "the evaluations are not of the same images and labels", "the same on both sides",
                    "\(left.count) only in the first and \(right.count) only in the second, such as \(few)")
            }
        }
        try only(a.labels, b.labels)
        let imagesB = Array(b.images)
        try only(a.images.map(\.name), imagesB.map(\.name))
        let place = Dictionary(a.labels.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        let toA = b.labels.compactMap { place[$0] }
        let rows = Dictionary(imagesB.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        var sameScores = true
        let thresholdsB = b.labels.indices.reduce(into: b.thresholds) { $0[toA[$1]] = b.thresholds[$1] }
        var pairs: [PairedImages] = []
        for image in a.images {
            guard let row = rows[image.name] else { continue }
            let other = imagesB[row]
            let target = image.target.map { Set($0) }
            let otherTarget = other.target.map { Set($0.map { toA[$0] }) }
            guard target == otherTarget else {
                throw refuse(
                    "the evaluations have different truth", "the same labels for '\(image.name)'",
                    "'\(a.names(image.target ?? []))' and '\(b.names(other.target ?? []))'")
            }
            if let digest = image.pixelDigest, let second = other.pixelDigest, digest != second {
                throw refuse(
                    "the evaluations saw different pictures", "the same pixels for '\(image.name)'", "two pictures")
            }
            sameScores = sameScores && b.labels.indices.allSatisfy { other.scores[$0] == image.scores[toA[$0]] }
            pairs.append(
                PairedImages(
                    name: image.name, target: target, a: Set(image.predicted), b: Set(other.predicted.map { toA[$0] }),
                    lossA: image.loss, lossB: other.loss))
        }
        guard pairs.contains(where: { $0.target != nil }) else {
            throw refuse("nothing to compare", "at least one image with full labels", "none")
        }
        // The same model with other thresholds makes other decisions, which is worth comparing.
        let sameModel = a.model.map { $0.digests == b.model?.digests } ?? false
        if (sameModel || sameScores) && a.thresholds == thresholdsB {
            throw refuse(
                "a model is compared with itself", "two models, or one at other thresholds",
                sameModel ? "the same weights, configuration and thresholds" : "the same scores and thresholds")
        }
        return pairs
    }
}
