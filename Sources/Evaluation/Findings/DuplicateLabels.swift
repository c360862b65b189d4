/// Two labels and how far they behave as one.
public struct LabelPair: Codable, Sendable, Equatable {
    public var first: String
    public var second: String
    /// Cross-prediction: the mean score of each label over images that carry only the other, divided by its mean over images
    /// that carry only itself; the mean of both directions. About 0 for labels that are told apart, 1 for labels that are not.
    public var crossPrediction: Double
    /// Pearson's correlation of the two labels' scores over all images, -1...1; nil where one is constant.
    @Nullable public var correlation: Double?
    /// How far apart the pictures that carry only one of both lie in a network's features: 0 where it sees no difference, 1 where
    /// they are as far apart as pictures of one label; nil without features.
    @Nullable public var featureDistance: Double?
    /// How often shuffling gives *any* pair as much, with one added to both counts (Westfall & Young, 1993). 0...1.
    public var pValue: Double
    /// Crossed at least half as often as predicted, and by more than shuffling explains.
    public var behavesAsOne: Bool
}

/// The duplicate-label finder: pairs of labels that a model cannot tell apart, since they name one thing.
public struct DuplicateLabels: Codable, Sendable, Equatable {
    /// Every pair with images that carry one and not the other, by cross-prediction, descending.
    public var pairs: [LabelPair]
    /// What the largest cross-prediction of all pairs stays below in 95 of 100 shuffles; nil without pairs.
    @Nullable public var nullCeiling: Double?
    /// The pairs of labels, each carried by some image, that are not among `pairs`.
    public var untold: [UntoldPair]

    /// - Parameters:
    ///   - features: of the same images, in `truth`'s order.
    ///   - shuffles: how often each label's scores are shuffled among the images that do not carry it. That
    ///     keeps its scores and breaks whatever ties them to another label.
    public static func find(
        _ scores: Scores, _ truth: Truth, features: FeatureRows? = nil, shuffles: Int = 200, seed: UInt64 = 0
    ) throws -> DuplicateLabels {
        let scores = try scores.aligned(names: truth.names, labels: truth.labels)
        // By name, so that the order of a file changes nothing.
        let rows = NameList(truth.names).byName(truth.targets.indices.filter { truth.targets[$0] != nil })
        let columns = truth.labels.indices.map { label in rows.map { scores.values[$0 * truth.labels.count + label] } }
        var carries = columns.map { [Bool](repeating: false, count: $0.count) }
        for (at, row) in rows.enumerated() { for label in truth.targets[row] ?? [] { carries[label][at] = true } }
        let couples = truth.labels.indices.flatMap { a in truth.labels.indices.dropFirst(a + 1).map { (a, $0) } }
        let compared = couples.map { Candidate($0, $1, columns, carries) }
        let candidates = compared.compactMap(\.self)
        let without = carries.map { column in column.indices.filter { !column[$0] } }
        let numbers = truth.labels.map(SeededGenerator.number)
        // Each shuffle has a seed of its own, so that any thread may make it.
        var ceilings = Parallel.map(candidates.isEmpty ? 0 : shuffles, threads: Parallel.threads) { shuffle in
            var shuffled = columns
            for label in columns.indices {
                var random = SeededGenerator(seed: seed, 6, UInt64(shuffle), numbers[label])
                let order = random.permutation(without[label].count)
                for (at, from) in zip(without[label], order) {
                    shuffled[label][at] = columns[label][without[label][from]]
                }
            }
            return candidates.reduce(0) { max($0, $1.crossPrediction(shuffled)) }
        }
        ceilings.sort()
        let pairs = candidates.map { candidate -> LabelPair in
            let cross = candidate.crossPrediction(columns)
            let p = Double(1 + ceilings.count { $0 >= cross }) / Double(1 + ceilings.count)
            return LabelPair(
                first: truth.labels[candidate.a], second: truth.labels[candidate.b], crossPrediction: cross,
                correlation: pearson(columns[candidate.a], columns[candidate.b]),
                featureDistance: features.flatMap { features in
                    LabelDistance.between(
                        candidate.onlyA.map { rows[$0] }, candidate.onlyB.map { rows[$0] }, features)
                }, pValue: p,
                behavesAsOne: cross >= 0.5 && p <= 0.05)
        }
        let at = Int((0.95 * Double(ceilings.count)).rounded(.up)) - 1
        return DuplicateLabels(
            pairs: pairs.enumerated().sorted {
                ($1.element.crossPrediction, $0.offset) < ($0.element.crossPrediction, $1.offset)
            }.map(\.element), nullCeiling: ceilings.indices.contains(at) ? ceilings[at] : nil,
            untold: UntoldPair.among(
                zip(couples, compared).filter { $1 == nil }.map(\.0), truth.labels,
                counts: carries.map { $0.count { $0 } }, images: rows.count))
    }

    static func pearson(_ x: [Double], _ y: [Double]) -> Double? {
        let count = Double(x.count)
        let (mx, my) = (x.reduce(0, +) / count, y.reduce(0, +) / count)
        var (xx, yy, xy) = (0.0, 0.0, 0.0)
        for (a, b) in zip(x, y) {
            xx += (a - mx) * (a - mx)
            yy += (b - my) * (b - my)
            xy += (a - mx) * (b - my)
        }
        return xx > 0 && yy > 0 ? xy / (xx * yy).squareRoot() : nil
    }

    private struct Candidate {
        let a, b: Int
        let onlyA, onlyB: [Int]

        /// Nil if no image tells the two apart.
        init?(_ a: Int, _ b: Int, _ columns: [[Double]], _ carries: [[Bool]]) {
            (self.a, self.b) = (a, b)
            onlyA = carries[a].indices.filter { carries[a][$0] && !carries[b][$0] }
            onlyB = carries[b].indices.filter { carries[b][$0] && !carries[a][$0] }
            if onlyA.isEmpty || onlyB.isEmpty { return nil }
        }

        func crossPrediction(_ columns: [[Double]]) -> Double {
            func mean(_ label: Int, _ rows: [Int]) -> Double {
                rows.reduce(0) { $0 + columns[label][$1] } / Double(rows.count)
            }
            func share(_ label: Int, own: [Int], other: [Int]) -> Double {
                let mine = mean(label, own)
                return mine > 0 ? mean(label, other) / mine : 0
            }
            return (share(a, own: onlyA, other: onlyB) + share(b, own: onlyB, other: onlyA)) / 2
        }
    }
}
