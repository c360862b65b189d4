import Evaluation
import Testing

@Suite struct ResamplingTests {
    /// How many images of `stratum` each of 200 samples has.
    private func counts(_ strata: [Int], _ stratum: Int) -> [Int] {
        let resampling = Resampling(strata: strata, seed: 5)
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
        #expect(Resampling(strata: [], seed: 1).weights(0).isEmpty)
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
