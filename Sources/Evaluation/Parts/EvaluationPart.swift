/// What one shard of an evaluation measured: a folder with `part.json`, `scores.npy` and `images.csv`.
///
/// It holds the scores and the truth of its images and no figure, so that the parts together are measured as one run
/// measures: a figure's last bits depend on the order of its sums.
public struct EvaluationPart: Sendable {
    public static let file = "part.json"
    static let scoresFile = "scores.npy"
    static let imagesFile = "images.csv"
    /// The settings that hold the digests of what was read.
    public static let labelsFile = "labels file"
    public static let predictionsFile = "predictions file"

    /// `part.json`.
    struct Head: Codable, Sendable, Equatable {
        var version = 1
        var shard: Int
        var shards: Int
        /// Images of the whole evaluation, and of this part, which begins at row `first` of them.
        var total: Int
        var first: Int
        var count: Int
        var title: String
        @Nullable var model: ModelIdentity?
        var labels: [String]
        var thresholds: [Double]
        @Nullable var decoding: [Double]?
        @Nullable var leftOut: LeftOut?
        /// How many of its images the model was trained on.
        var trainedOn: Int?
        var hasPixelDigests: Bool
        /// Whatever else must be the same for all parts, such as the digests of the files that were read.
        var settings: [String: String]
    }

    let head: Head
    public let input: EvaluationInput
    /// What the part was made with, by name.
    public var settings: [String: String] { head.settings }

    /// - Parameters:
    ///   - input: of this shard's images alone.
    ///   - total: images of all shards.
    ///   - settings: what must be the same for all parts besides the input's own; by name, for messages.
    public init(_ input: EvaluationInput, shard: Shard, of total: Int, settings: [String: String]) throws {
        let rows = try shard.rows(of: total)
        precondition(rows.count == input.truth.names.count, "the rows of the shard")
        self.input = input
        head = Head(
            shard: shard.number, shards: shard.count, total: total, first: rows.lowerBound, count: rows.count,
            title: input.title, model: input.model, labels: input.truth.labels, thresholds: input.thresholds,
            decoding: input.decoding, leftOut: input.leftOut, trainedOn: input.trainedOn,
            hasPixelDigests: input.pixelDigests != nil,
            settings: settings)
    }

    init(head: Head, input: EvaluationInput) {
        self.head = head
        self.input = input
    }

    /// Writes the part's files into a folder that is there.
    public func write(to folder: String) throws {
        try FileBytes.write(JSON.text(head) + "\n", to: "\(folder)/\(Self.file)")
        try FileBytes.write(to: "\(folder)/\(Self.scoresFile)") { try NumPyWriter.write(input.scores.columns, to: &$0) }
        try FileBytes.write(to: "\(folder)/\(Self.imagesFile)") { sink in
            try sink.write(CSV.line(["fname", "target", "pixel_digest"]))
            for row in input.truth.names.indices {
                let target = input.truth.targets[row].map(String.init).joined(separator: " ")
                try sink.write(
                    CSV.line([
                        input.truth.names[row], input.truth.isKnown(row) ? target : "unknown",
                        input.pixelDigests?[row] ?? "",
                    ]))
            }
        }
    }

    /// Reads what `write` wrote.
    /// - Throws: `InputError` for a folder that is none, or whose files do not fit each other.
    public init(folder: String) throws {
        let place = "\(folder)/\(Self.file)"
        guard let bytes = try? FileBytes.read(place), let head = try? JSON.decode(Head.self, from: bytes),
            head.version == 1
        else {
            throw InputError(
                "is no part of an evaluation", at: folder, expected: "a folder that evaluate --shard wrote",
                got: FileTree.kind(of: place) == nil ? "no \(Self.file)" : "another \(Self.file)")
        }
        let array = "\(folder)/\(Self.scoresFile)"
        let scores = try NumPyArray(FileBytes.read(array), named: array)
        let images = try PartImages("\(folder)/\(Self.imagesFile)", labels: head.labels)
        let rows = try? Shard(number: head.shard, count: head.shards).rows(of: head.total)
        try UniqueNames.check(head.labels, "label") { _ in place }
        guard rows?.lowerBound == head.first, rows?.count == head.count, scores.rows == head.count,
            images.names.count == head.count, scores.columns == head.labels.count,
            head.thresholds.count == head.labels.count, head.decoding.map({ $0.count == head.labels.count }) ?? true
        else {
            throw InputError(
                "the part contradicts itself", at: folder,
                expected: "\(head.count) images of \(head.labels.count) labels from row \(head.first)",
                got: "\(images.names.count) images and [\(scores.rows), \(scores.columns)] scores")
        }
        if let (row, label) = scores.scores.first(where: { !(0...1).contains($0) }) {
            throw InputError(
                "a prediction cannot be used",
                at: "\(array), row \(row + 1) '\(images.names[row])', column '\(head.labels[label])'",
                expected: "a probability from 0 to 1", got: "\(scores.scores[label, row])")
        }
        if let threshold = (head.thresholds + (head.decoding ?? [])).first(where: { !(0...1).contains($0) }) {
            throw InputError("a threshold is out of range", at: place, expected: "0 to 1", got: "\(threshold)")
        }
        if let trainedOn = head.trainedOn, !(0...head.count).contains(trainedOn) {
            throw InputError(
                "the model was trained on more images than there are", at: place, expected: "0 to \(head.count)",
                got: "\(trainedOn)")
        }
        self.init(
            head: head,
            input: EvaluationInput(
                title: head.title, model: head.model,
                scores: ScoreTable(names: images.names, labels: head.labels, columns: scores.scores),
                truth: TruthTable(
                    names: images.names, labels: head.labels, targets: images.targets, known: images.known),
                thresholds: head.thresholds, decoding: head.decoding,
                pixelDigests: head.hasPixelDigests ? images.digests : nil, leftOut: head.leftOut,
                trainedOn: head.trainedOn))
    }
}
