/// Scores x truth, reduced to everything a report or a gate reads: the one artefact between measuring and judging.
///
/// Written as `record.json`. Build one with `EvaluationRecord.measure`; a report draws it and a gate judges it, and
/// neither can recompute a number.
public struct EvaluationRecord: Codable, Sendable, Equatable {
    public var version = 1
    /// What was evaluated, for headings: a run's name, a golden set's name.
    public var title: String
    /// The exact bytes that were judged; nil when only predictions were given.
    @Nullable public var model: ModelIdentity?
    /// C labels, sorted.
    public var labels: [String]
    /// C thresholds; a label is predicted where `probability > threshold`.
    public var thresholds: [Double]
    public var figures: Figures
    /// What predicting nothing at all would score on the same truth, so that skill is visible.
    public var nullFigures: Figures
    public var perLabel: [LabelFigures]
    /// The null model's, label by label; nil in records of earlier versions.
    @Nullable public var nullPerLabel: [LabelFigures]?
    public var confusion: ConfusionMatrix
    public var thresholdCurve: [ThresholdPoint]
    /// Every image, in input order.
    public var images: ImageOutcomes
    /// Indices into `images`, by loss, descending; ties by name. All that have a loss.
    public var topLosses: [Int]
    /// The same figures over named parts of the images (a golden set's sub-folders). Sorted by name.
    public var slices: [SliceFigures]
    /// What truth and predictions did not share and the caller allowed to leave out; nil when nothing was.
    @Nullable public var leftOut: LeftOut?
    /// How many of the images the model was trained on; nil where that is not known.
    public var trainedOn: Int?
}

/// The SHA-256 (hex) of each file that decides what the model answers: weights and configuration.
public struct ModelIdentity: Codable, Sendable, Equatable {
    public var name: String
    /// File name -> SHA-256 of its bytes, lower-case hex.
    public var digests: [String: String]

    public init(name: String, digests: [String: String]) {
        self.name = name
        self.digests = digests
    }
}

/// Figures of decisions under one kind of averaging; nil where undefined. See `Counts` for the formulas.
public struct AveragedFigures: Codable, Sendable, Equatable {
    @Nullable public var precision: Double?
    @Nullable public var recall: Double?
    @Nullable public var f1: Double?
    /// F-beta with beta 2.
    @Nullable public var f2: Double?
    /// F-beta with beta 1/2.
    @Nullable public var fHalf: Double?
    @Nullable public var jaccard: Double?

    public init(
        precision: Double?, recall: Double?, f1: Double?, f2: Double? = nil, fHalf: Double? = nil,
        jaccard: Double? = nil
    ) {
        self.precision = precision
        self.recall = recall
        self.f1 = f1
        self.f2 = f2
        self.fHalf = fHalf
        self.jaccard = jaccard
    }
}

/// The headline figures over all images and labels. Undefined ones are nil.
public struct Figures: Codable, Sendable, Equatable {
    public var count: Int
    /// Mean binary cross-entropy over N x C.
    @Nullable public var loss: Double?
    /// Share of the N x C decisions that are right; fastai's `accuracy_multi`.
    @Nullable public var accuracyMulti: Double?
    @Nullable public var exactMatch: Double?
    @Nullable public var hammingLoss: Double?
    public var micro: AveragedFigures
    public var macro: AveragedFigures
    public var weighted: AveragedFigures
    public var samples: AveragedFigures
    /// Mean over the labels that have a positive; nil when none has.
    @Nullable public var meanAveragePrecision: Double?
    /// Mean over the labels that have both a positive and a negative.
    @Nullable public var macroROCAUC: Double?
    /// Matthews' correlation over the N x C decisions (micro).
    @Nullable public var matthews: Double?
    /// Mean over the labels that have both a positive and a negative.
    @Nullable public var balancedAccuracy: Double?
    /// Mean over images of the rank of the last true label, 0 for an image without one; nil when no image has a label.
    @Nullable public var coverageError: Double?
    /// Mean over images, 1 for one with no label or all; nil when every image is such (scikit-learn: 1).
    @Nullable public var labelRankingAveragePrecision: Double?
    /// Mean over images, 0 for one with no label or all; nil when every image is such (scikit-learn: 0).
    @Nullable public var rankingLoss: Double?
    /// Mean squared difference of probability and truth over N x C.
    @Nullable public var brier: Double?
    /// Expected calibration error over the N x C probabilities, 15 bins of equal width.
    @Nullable public var ece: Double?
    /// Images for which no label exceeds its threshold.
    public var noPredictionCount: Int

    // An acronym does not survive snake_case and back.
    enum CodingKeys: String, CodingKey {
        case count, loss, accuracyMulti, exactMatch, hammingLoss, micro, macro, weighted, samples
        case meanAveragePrecision, matthews, balancedAccuracy, coverageError, labelRankingAveragePrecision
        case rankingLoss, brier, ece, noPredictionCount
        case macroROCAUC = "macroRocAuc"
    }
}

/// One label's figures. `support` is its number of positive images.
public struct LabelFigures: Codable, Sendable, Equatable {
    public var label: String
    public var support: Int
    public var tp: Int
    public var fp: Int
    public var fn: Int
    public var tn: Int
    @Nullable public var precision: Double?
    @Nullable public var recall: Double?
    @Nullable public var f1: Double?
    @Nullable public var f2: Double?
    @Nullable public var fHalf: Double?
    @Nullable public var jaccard: Double?
    @Nullable public var matthews: Double?
    @Nullable public var balancedAccuracy: Double?
    @Nullable public var averagePrecision: Double?
    @Nullable public var rocAUC: Double?
    @Nullable public var brier: Double?
    @Nullable public var ece: Double?
    /// The threshold that maximises F1 on these very images (optimistic); nil without a positive.
    @Nullable public var bestThreshold: Double?

    enum CodingKeys: String, CodingKey {
        case label, support, tp, fp, fn, tn, precision, recall, f1, f2, fHalf, jaccard
        case matthews, balancedAccuracy, averagePrecision, brier, ece, bestThreshold
        case rocAUC = "rocAuc"
    }
}

/// "What was predicted instead": row = true label, column = predicted label, and a last row and column for *nothing*.
public struct ConfusionMatrix: Codable, Sendable, Equatable {
    /// C labels, and last the name of *nothing*: `nothing`, or `(nothing)` where a label is so called.
    public var labels: [String]
    /// (C+1) x (C+1). Diagonal: true positives. See `ConfusionMatrix.measure` for how the rest is shared out.
    public var matrix: [[Double]]

    /// The name of the last row and column.
    public var nothing: String { labels.last ?? "" }

    public init(labels: [String], matrix: [[Double]]) {
        self.labels = labels
        self.matrix = matrix
    }
}

/// accuracy_multi when every label's threshold is `threshold`.
public struct ThresholdPoint: Codable, Sendable, Equatable {
    public var threshold: Double
    public var accuracyMulti: Double
    @Nullable public var macroF1: Double?

    public init(threshold: Double, accuracyMulti: Double, macroF1: Double?) {
        self.threshold = threshold
        self.accuracyMulti = accuracyMulti
        self.macroF1 = macroF1
    }
}

/// One image: what it carries, what was said of it, and what that cost.
public struct ImageOutcome: Codable, Sendable, Equatable {
    /// Name relative to the image folder.
    public var name: String
    /// Label indices, ascending. Nil when only partly known (a golden's `must` / `must_not`).
    @Nullable public var target: [Int]?
    public var predicted: [Int]
    /// Mean over labels of the binary cross-entropy; nil without a full target.
    @Nullable public var loss: Double?
    /// Index of the label with the largest share of the loss.
    @Nullable public var costliestLabel: Int?
    /// C probabilities.
    public var scores: [Double]
    /// SHA-256 (hex) of the decoded pixels, where images were read; finds golden images that were trained on.
    @Nullable public var pixelDigest: String?
}

/// The figures over one named part of the images.
public struct SliceFigures: Codable, Sendable, Equatable {
    public var name: String
    public var figures: Figures
    public var perLabel: [LabelFigures]
}
