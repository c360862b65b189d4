import Evaluation
import Testing

@Suite struct ResamplingTests {
    /// How many images of `stratum` each of 200 samples has.
    private func counts(_ strata: [Int], _ stratum: Int) -> [Int] {
        let resampling = Resampling(count: strata.count, strata: strata, seed: 5)
        return (0..<200).map { index in
            let weights = resampling.weights(index)
            #expect(weights.reduce(0) { $0 + Int($1) } == strata.count)
            return zip(weights, strata).reduce(0) { $0 + ($1.1 == stratum ? Int($1.0) : 0) }
        }
    }

    /// 60, 25, 19, 1 and 1 images.
    private static let strata =
        [Int](repeating: 4, count: 60) + [Int](repeating: 2, count: 25) + [Int](repeating: 0, count: 19) + [1, 3]

    @Test func largeStrataKeepTheirImages() {
        #expect(counts(Self.strata, 4).allSatisfy { $0 == 60 })
        #expect(counts(Self.strata, 2).allSatisfy { $0 == 25 })
    }

    /// A single image that every sample holds once would hide that there might be none of its kind, or three.
    @Test func smallStrataAreDrawnAsOne() {
        let single = counts(Self.strata, 1)
        #expect(single.contains(0) && single.contains(1) && single.contains { $0 > 1 })
        // Binomial: 21 draws of 1 in 21 have a mean of 1 and a variance of 20 / 21.
        let mean = Double(single.reduce(0, +)) / 200
        let variance = single.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / 200
        #expect(abs(mean - 1) < 0.25 && abs(variance - 20.0 / 21) < 0.35)
        let pooled = zip(zip(counts(Self.strata, 0), single), counts(Self.strata, 3)).map { $0.0 + $0.1 + $1 }
        #expect(pooled.allSatisfy { $0 == 21 })
    }

    @Test func fewImagesAreOneStratum() {
        #expect(counts([0, 1, 2, 2], 2).contains { $0 != 2 })
        #expect(Resampling(count: 0, strata: [], seed: 1).weights(0).isEmpty)
        #expect(Resampling(count: 0, seed: 1).weights(0).isEmpty)
    }

    /// Stratified, the rarest label keeps its 25 positives exactly; else they vary as in another set.
    @Test func sharesAreKeptOnlyWhereAsked() {
        var random = SeededGenerator(seed: 3)
        let common = AnalysisFixture.random(&random, count: 300, hasTies: false)
        let rare = (0..<300).map { $0 % 12 == 0 }
        let columns = LabelColumns(
            labels: ["common", "rare"], scores: [common.scores, common.scores], targets: [common.targets, rare])
        var counts: [Int] = []
        let (kept, free) = (Resampling(columns, isStratified: true, seed: 9), Resampling(columns, seed: 9))
        func positives(_ weights: [UInt16]) -> Int { zip(weights, rare).reduce(0) { $0 + ($1.1 ? Int($1.0) : 0) } }
        for index in 0..<200 {
            #expect(positives(kept.weights(index)) == 25)
            counts.append(positives(free.weights(index)))
            #expect(free.weights(index) == free.weights(index) && free.weights(index) != free.weights(index + 1))
        }
        // Binomial: 300 draws of 1 in 12.
        let mean = Double(counts.reduce(0, +)) / 200
        let variance = counts.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / 200
        #expect(abs(mean - 25) < 1.2 && abs(variance - 25 * 11.0 / 12) < 6)
    }

    /// What is wholly one label's, such as who is exactly right, varies with how many images carry it.
    @Test func figuresThatHangOnSharesHaveTheirWholeInterval() throws {
        let targets = (0..<200).map { $0 % 5 == 0 }
        // Right on every image without the label, wrong on every one with it: the exact match is the share without.
        let columns = LabelColumns(
            labels: ["a"], scores: [[Double](repeating: 0.1, count: 200)], targets: [targets])
        let bounds = try #require(FigureIntervals.measure(columns, thresholds: [0.5]).figures["exact_match"])
        let (low, high) = (try #require(bounds.low), try #require(bounds.high))
        let width = 2 * 1.96 * (0.8 * 0.2 / 200).squareRoot()
        #expect(abs(high - low - width) < 0.15 * width)
        let stratified = FigureIntervals.measure(columns, thresholds: [0.5], isStratified: true)
        #expect(stratified.figures["exact_match"]?.low == nil)
    }

    /// Five common labels and one that 1 image in 75 carries: the macro averages hang on it. Of 60 test sets of 150 images,
    /// nearly all must have an interval that holds the figure of 40,000 images.
    @Test func intervalsHoldThoughALabelIsRare() throws {
        var random = SeededGenerator(seed: 12)
        func draw(_ count: Int) -> LabelColumns {
            let shares = [0.3, 0.3, 0.2, 0.2, 0.1, 1.0 / 75]
            let targets = shares.map { share in (0..<count).map { _ in random.uniform() < share } }
            let scores = targets.map { $0.map { $0 ? 1 - random.uniform() * 0.8 : random.uniform() * 0.62 } }
            return LabelColumns(labels: ["a", "b", "c", "d", "e", "rare"], scores: scores, targets: targets)
        }
        let thresholds = [Double](repeating: 0.5, count: 6)
        let whole = draw(40_000)
        let truth = FigureIntervals.measure(whole, thresholds: thresholds, resamples: 1)
        var held: [String: (hits: Int, count: Int)] = [:]
        for _ in 0..<60 {
            let part = FigureIntervals.measure(draw(150), thresholds: thresholds, resamples: 200)
            func add(_ name: String, _ bounds: FigureIntervals.Bounds?, _ value: Double?) {
                guard let low = bounds?.low, let high = bounds?.high, let value else { return }
                held[name, default: (0, 0)].count += 1
                if low <= value, value <= high { held[name, default: (0, 0)].hits += 1 }
            }
            for name in ["macro_f1", "macro_precision", "micro_f1", "accuracy_multi", "mean_average_precision"] {
                add(name, part.figures[name], truth.figures[name]?.value)
            }
            add("precision of e", part.perLabel[4].figures["precision"], truth.perLabel[4].figures["precision"]?.value)
            add("precision of a", part.perLabel[0].figures["precision"], truth.perLabel[0].figures["precision"]?.value)
        }
        for (name, held) in held {
            #expect(held.count >= 50 && Double(held.hits) / Double(held.count) >= 0.8, "\(name): \(held)")
        }
    }
}
