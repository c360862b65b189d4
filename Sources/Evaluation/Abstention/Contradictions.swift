/// Images for which labels are predicted that cannot be true together: an exclusive label beside any other, as a golden
/// set's `exclusive` has it ("no mask" beside a mask).
public struct Contradictions: Codable, Sendable, Equatable {
    public static let file = "contradictions.csv"

    public struct Image: Codable, Sendable, Equatable {
        public var name: String
        public var predicted: [String]
        /// Nil where the truth is known in part only.
        @Nullable public var target: [String]?
    }

    public var exclusive: [String]
    /// Images that were looked at, and those whose *given* labels contradict each other.
    public var count: Int
    public var contradictoryTargets: Int
    /// In input order.
    public var images: [Image]
    /// Clopper and Pearson's 95 % interval of the share of images.
    public var intervalLow: Double
    public var intervalHigh: Double

    public var rate: Double? { count == 0 ? nil : Double(images.count) / Double(count) }

    /// - Throws: `InputError` for a label that the record lacks.
    public static func find(_ record: EvaluationRecord, exclusive: [String]) throws -> Contradictions {
        let exclusive = exclusive.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        let indices = try exclusive.map { label in
            guard let index = record.labels.firstIndex(of: label) else {
                throw InputError(
                    "an exclusive label is unknown", expected: "one of \(record.labels.joined(separator: ", "))",
                    got: "'\(label)'")
            }
            return index
        }
        func contradict(_ set: [Int]) -> Bool { set.count > 1 && set.contains(where: indices.contains) }
        var (found, targets) = ([Image](), 0)
        for image in record.images {
            if let target = image.target, contradict(target) { targets += 1 }
            guard contradict(image.predicted) else { continue }
            func names(_ set: [Int]) -> [String] { set.map { record.labels[$0] } }
            found.append(Image(name: image.name, predicted: names(image.predicted), target: image.target.map(names)))
        }
        let interval = Interval.clopperPearson(hits: found.count, count: record.images.count, confidence: 0.95)
        return Contradictions(
            exclusive: exclusive, count: record.images.count, contradictoryTargets: targets, images: found,
            intervalLow: interval.lowerBound, intervalHigh: interval.upperBound)
    }

    /// `fname,predicted,target`, labels joined by `;`.
    public var csv: String {
        var text = CSV.line(["fname", "predicted", "target"])
        for image in images {
            text += CSV.line([
                image.name, image.predicted.joined(separator: ";"), (image.target ?? []).joined(separator: ";"),
            ])
        }
        return text
    }
}
