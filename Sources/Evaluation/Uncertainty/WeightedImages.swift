/// The figures that are made of single images' own, for images that each count any number of times: their means, and the
/// calibration error, whose bins each image adds to.
struct WeightedImages: Sendable {
    /// The order of `figures`.
    static let names = means.map(\.name) + ["exact_match", "no_prediction_rate", "ece"]

    /// A figure that is the mean of the images'.
    private struct Mean: Sendable {
        let name: String
        /// What one image of the sample at least must be; else the figure is undefined.
        let needs: Kinds
        /// Of an image's figures and its mean squared difference of score and truth; nil where undefined.
        let value: @Sendable (ImageFigures, Double) -> Double?

        init(_ name: String, needs: Kinds = [], _ value: @escaping @Sendable (ImageFigures, Double) -> Double?) {
            (self.name, self.needs, self.value) = (name, needs, value)
        }
    }

    private static let means = [
        Mean("loss") { image, _ in image.loss },
        Mean("brier") { _, brier in brier },
        Mean("samples_precision") { image, _ in image.counts.precision },
        Mean("samples_recall") { image, _ in image.counts.recall },
        Mean("samples_f1") { image, _ in image.counts.f1 },
        Mean("samples_f2") { image, _ in image.counts.f2 },
        Mean("samples_f_half") { image, _ in image.counts.fHalf },
        Mean("samples_jaccard") { image, _ in image.counts.jaccard },
        Mean("coverage_error", needs: .labelled) { image, _ in image.coverage },
        Mean("label_ranking_average_precision", needs: .ranked) { image, _ in image.rankingPrecision },
        Mean("ranking_loss", needs: .ranked) { image, _ in image.rankingLoss },
    ]
    private static let bins = CalibrationSums.bins

    private let count: Int
    private let width: Int
    /// `[means + bins][N]`: `means`, NaN where undefined, then what each bin's probabilities exceed its positives by.
    private let values: [Double]
    private let exact: [Int32]
    private let silent: [Int32]
    private let labelled: [Int32]
    private let ranked: [Int32]

    init(_ columns: LabelColumns, thresholds: [Double]) {
        let count = columns.count
        (self.count, width) = (count, columns.labels.count)
        var values = [Double](repeating: 0, count: (Self.means.count + Self.bins) * count)
        var kinds = [Kinds](repeating: [], count: count)
        values.withUnsafeMutableBufferPointer { values in
            kinds.withUnsafeMutableBufferPointer { kinds in
                columns.forEachImage(thresholds: thresholds) { row, image, cells in
                    var squares = 0.0
                    for (score, target) in zip(cells.scores, cells.targets) {
                        let gap = score - (target ? 1 : 0)
                        let bin = CalibrationSums.bin(score, of: Self.bins)
                        squares += gap * gap
                        values[(Self.means.count + bin) * count + row] += gap
                    }
                    let brier = squares / Double(cells.scores.count)
                    for (at, mean) in Self.means.enumerated() {
                        values[at * count + row] = mean.value(image, brier) ?? .nan
                    }
                    kinds[row] = Kinds(image)
                }
            }
        }
        self.values = values
        func rows(_ kind: Kinds) -> [Int32] { kinds.indices.filter { kinds[$0].contains(kind) }.map(Int32.init) }
        (exact, silent, labelled, ranked) = (rows(.exact), rows(.silent), rows(.labelled), rows(.ranked))
    }

    /// `names` in each lane; nil where undefined, as in `Figures`.
    /// - Parameter images: the sums of all images.
    func figures(_ sums: LaneSums, of images: LaneSums.Sums) -> [[Double?]] {
        let (exact, silent) = (sums.sum(exact), sums.sum(silent))
        let (labelled, ranked) = (sums.sum(labelled), sums.sum(ranked))
        return values.withUnsafeBufferPointer { values in
            func column(_ at: Int) -> UnsafeBufferPointer<Double> {
                UnsafeBufferPointer(rebasing: values[at * count..<(at + 1) * count])
            }
            let means = Self.means.enumerated().map { at, mean in
                zip(sums.mean(column(at)), images.indices).map { value, lane in
                    mean.needs.isMet(labelled[lane], ranked[lane]) ? value : nil
                }
            }
            var gaps = SIMD8<Double>.zero
            for bin in 0..<Self.bins {
                let total = sums.total(column(Self.means.count + bin))
                gaps += total.replacing(with: -total, where: total .< 0)
            }
            return images.indices.map { lane in
                let all = Int(images[lane])
                return means.map { $0[lane] } + [
                    Counts.ratio(Int(exact[lane]), all), Counts.ratio(Int(silent[lane]), all),
                    all == 0 ? nil : gaps[lane] / Double(all * width),
                ]
            }
        }
    }

    /// What an image counts for besides its figures.
    private struct Kinds: OptionSet {
        let rawValue: UInt8
        static let exact = Kinds(rawValue: 1)
        static let silent = Kinds(rawValue: 2)
        static let labelled = Kinds(rawValue: 4)
        static let ranked = Kinds(rawValue: 8)

        init(rawValue: UInt8) { self.rawValue = rawValue }

        init(_ image: ImageFigures) {
            self = []
            if image.counts.fp + image.counts.fn == 0 { insert(.exact) }
            if image.counts.tp + image.counts.fp == 0 { insert(.silent) }
            if image.positives > 0 { insert(.labelled) }
            if image.isRanked { insert(.ranked) }
        }

        func isMet(_ labelled: Int32, _ ranked: Int32) -> Bool {
            (!contains(.labelled) || labelled > 0) && (!contains(.ranked) || ranked > 0)
        }
    }
}
