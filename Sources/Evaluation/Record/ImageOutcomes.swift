/// Every image's outcome, in input order: a collection of `ImageOutcome` that makes each when it is asked for.
///
/// A million images of 20 labels take what their scores, names and truth take, not a million objects.
public struct ImageOutcomes: RandomAccessCollection, Codable, Sendable, Equatable {
    let names: NameList
    let columns: ScoreColumns
    let targets: LabelBits
    /// Whether each target is known in full; nil when all are.
    let known: [Bool]?
    let predicted: LabelBits
    /// NaN where there is no full target.
    let losses: [Double]
    /// -1 for none.
    let costliest: [Int32]
    let digests: [String?]?

    public var startIndex: Int { 0 }
    public var endIndex: Int { names.count }

    public subscript(index: Int) -> ImageOutcome {
        ImageOutcome(
            name: names[index], target: isKnown(index) ? targets[index] : nil, predicted: predicted[index],
            loss: losses[index].isNaN ? nil : losses[index],
            costliestLabel: costliest[index] < 0 ? nil : Int(costliest[index]), scores: columns[index],
            pixelDigest: digests?[index])
    }

    /// Whether the target is known in full.
    func isKnown(_ index: Int) -> Bool { known?[index] ?? true }

    /// Whether exactly the labels that an image carries were predicted; false where they are not known.
    public func isExact(_ index: Int) -> Bool {
        isKnown(index)
            && (0..<targets.width).allSatisfy { targets[$0, index] == predicted[$0, index] }
    }

    init(
        names: NameList, columns: ScoreColumns, targets: LabelBits, known: [Bool]?, predicted: LabelBits,
        losses: [Double], costliest: [Int32], digests: [String?]?
    ) {
        self.names = names
        self.columns = columns
        self.targets = targets
        self.known = known
        self.predicted = predicted
        self.losses = losses
        self.costliest = costliest
        self.digests = digests
    }

    /// - Throws: `InputError` if the images have different numbers of labels, or an index is that of none.
    public init(_ images: [ImageOutcome]) throws {
        let width = images.first?.scores.count ?? 0
        var targets = LabelBits(count: images.count, width: width)
        var predicted = targets
        for (row, image) in images.enumerated() {
            let indices = (image.target ?? []) + image.predicted + (image.costliestLabel.map { [$0] } ?? [])
            guard image.scores.count == width, indices.allSatisfy((0..<width).contains) else {
                throw InputError(
                    "an image has other labels than the rest", at: image.name, expected: "scores for \(width) labels")
            }
            for label in image.target ?? [] { targets[label, row] = true }
            for label in image.predicted { predicted[label, row] = true }
        }
        self.init(
            names: NameList(images.map(\.name)),
            columns: .double((0..<width).map { label in images.map { $0.scores[label] } }), targets: targets,
            known: images.allSatisfy { $0.target != nil } ? nil : images.map { $0.target != nil },
            predicted: predicted, losses: images.map { $0.loss ?? .nan },
            costliest: images.map { Int32($0.costliestLabel ?? -1) },
            digests: images.contains { $0.pixelDigest != nil } ? images.map(\.pixelDigest) : nil)
    }

    public init(from decoder: any Decoder) throws {
        try self.init([ImageOutcome](from: decoder))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        for image in self { try container.encode(image) }
    }

    public static func == (a: ImageOutcomes, b: ImageOutcomes) -> Bool { a.elementsEqual(b) }

    /// Indices by loss, descending, ties by name: all that have a loss.
    func byLoss() -> [Int] {
        struct Entry {
            let loss: Double
            let index: Int
        }
        var order = losses.indices.filter { !losses[$0].isNaN }.map { Entry(loss: losses[$0], index: $0) }
        order.sort { $0.loss != $1.loss ? $0.loss > $1.loss : $0.index < $1.index }
        var begin = 0
        while begin < order.count {
            var end = begin + 1
            while end < order.count, order[end].loss == order[begin].loss { end += 1 }
            if end - begin > 1 { order[begin..<end].sort { names.precedes($0.index, $1.index) } }
            begin = end
        }
        return order.map(\.index)
    }
}
