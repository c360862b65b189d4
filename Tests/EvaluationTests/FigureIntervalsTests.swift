import Evaluation
import Foundation
import Testing

@Suite struct FigureIntervalsTests {
    @Test func weightedFiguresAreScikitLearns() throws {
        for item in try AnalysisFixture.read().weighted {
            let sample = WeightedFigures(item.columns, thresholds: item.thresholds).sample(item.weights)
            for (name, value) in zip(WeightedFigures.names, sample.overall) {
                #expect(agrees(value, item.overall[name] ?? nil), "\(name)")
            }
            for (label, values) in sample.perLabel.enumerated() {
                for (name, value) in zip(WeightedFigures.labelNames, values) {
                    #expect(agrees(value, item.perLabel[label][name] ?? nil), "\(name)")
                }
            }
        }
    }

    @Test func weightsOfOneAreTheRecordsFigures() throws {
        let record = try MetricsFixture.read().cases[1].record()
        let intervals = FigureIntervals.measure(
            LabelColumns(record), thresholds: record.thresholds, resamples: 20)
        let f = record.figures
        var expected = [
            "accuracy_multi": f.accuracyMulti, "exact_match": f.exactMatch, "hamming_loss": f.hammingLoss,
            "loss": f.loss, "mean_average_precision": f.meanAveragePrecision, "macro_roc_auc": f.macroROCAUC,
            "matthews": f.matthews, "balanced_accuracy": f.balancedAccuracy, "coverage_error": f.coverageError,
            "label_ranking_average_precision": f.labelRankingAveragePrecision, "ranking_loss": f.rankingLoss,
            "brier": f.brier, "ece": f.ece,
            "no_prediction_rate": Double(f.noPredictionCount) / Double(f.count),
        ]
        for (name, average) in [
            ("micro", f.micro), ("macro", f.macro), ("weighted", f.weighted), ("samples", f.samples),
        ] {
            let figures = [
                "precision": average.precision, "recall": average.recall, "f1": average.f1, "f2": average.f2,
                "f_half": average.fHalf, "jaccard": average.jaccard,
            ]
            for (figure, value) in figures { expected["\(name)_\(figure)"] = value }
        }
        for (name, value) in expected { #expect(agrees(intervals.figures[name]?.value, value), "\(name)") }
        #expect(Set(expected.keys) == Set(WeightedFigures.names))
        #expect(Set(intervals.figures.keys) == Set(WeightedFigures.names))
    }

    @Test func percentilesAreNumPys() throws {
        for item in try AnalysisFixture.read().percentiles {
            for (share, expected) in zip(item.shares, item.expected) {
                #expect(agrees(Percentile.of(item.values, share), expected))
            }
        }
        #expect(Percentile.of([], 0.5) == nil)
    }

    @Test func exactIntervalsAreSciPysAtTwentyMillionTrials() throws {
        for item in try AnalysisFixture.read().intervals {
            let range = Interval.clopperPearson(hits: item.hits, count: item.count, confidence: item.confidence)
            #expect(abs(range.lowerBound - item.low) <= 1e-9 * max(item.low, 1e-3), "\(item)")
            #expect(abs(range.upperBound - item.high) <= 1e-9 * max(item.high, 1e-3), "\(item)")
        }
    }

    /// Where the exact interval is known, the bootstrap's comes near it, and undefined figures stay undefined.
    @Test func theBootstrapAgreesWithTheExactInterval() throws {
        var random = SeededGenerator(seed: 4)
        let part = AnalysisFixture.random(&random, count: 800, hasTies: false, skill: 0.3)
        let columns = LabelColumns(
            labels: ["a", "empty"], scores: [part.scores, part.scores],
            targets: [part.targets, part.targets.map { _ in false }])
        let intervals = FigureIntervals.measure(columns, thresholds: [0.5, 0.5])
        let recall = try #require(intervals.perLabel[0].figures["recall"])
        #expect(abs(try #require(recall.low) - (try #require(recall.exactLow))) < 0.012)
        #expect(abs(try #require(recall.high) - (try #require(recall.exactHigh))) < 0.012)
        let empty = intervals.perLabel[1].figures
        for name in ["recall", "average_precision", "roc_auc"] {
            #expect(empty[name]?.value == nil && empty[name]?.low == nil && empty[name]?.exactLow == nil)
        }
        #expect(intervals == FigureIntervals.measure(columns, thresholds: [0.5, 0.5]))
        #expect(try JSON.text(intervals).contains("\"mean_average_precision\""))
    }

    /// A calibrated label: samples are farther from calibration than the images that they are drawn from.
    @Test func theCalibrationErrorLiesWithinItsInterval() throws {
        var random = SeededGenerator(seed: 8)
        let scores = (0..<400).map { _ in random.uniform() }
        let columns = LabelColumns(
            labels: ["a"], scores: [scores], targets: [scores.map { random.uniform() < $0 }])
        let figures = FigureIntervals.measure(columns, thresholds: [0.5], resamples: 400).figures
        let error = try #require(figures["ece"])
        let (value, low, high) = (try #require(error.value), try #require(error.low), try #require(error.high))
        #expect(low >= 0 && low < value && value < high)
        // As wide as the same draws' percentiles, and not as high.
        let whole = WeightedFigures(columns, thresholds: [0.5])
        let resampling = Resampling(columns, seed: 42)
        let place = try #require(WeightedFigures.names.firstIndex(of: "ece"))
        let drawn = (0..<400).compactMap { whole.sample(resampling.weights($0)).overall[place] }.sorted()
        #expect(drawn.reduce(0, +) / 400 > value)
        let top = try #require(Percentile.of(drawn, 0.975))
        #expect(abs(top - high - (drawn.reduce(0, +) / 400 - value)) < 1e-12)
    }

    /// As `Figures` has it: a mean over images that have nothing to rank is no figure.
    @Test func withoutLabelsRankingIsUndefined() throws {
        let columns = LabelColumns(
            labels: ["a", "b"], scores: [[0.2, 0.6, 0.7], [0.1, 0.7, 0.3]],
            targets: [[false, false, false], [false, false, false]])
        let figures = FigureIntervals.measure(columns, thresholds: [0.5, 0.5], resamples: 10).figures
        for name in ["coverage_error", "label_ranking_average_precision", "ranking_loss", "matthews"] {
            #expect(try #require(figures[name]).value == nil, "\(name)")
        }
        #expect(try #require(figures["brier"]).value != nil)
        // One with all labels has a place down to which they stand, and no order.
        let full = LabelColumns(labels: ["a"], scores: [[0.2]], targets: [[true]])
        let other = FigureIntervals.measure(full, thresholds: [0.5], resamples: 10).figures
        #expect(other["coverage_error"]?.value == 1 && other["ranking_loss"]?.value == nil)
    }

    @Test func oneImageHasFiguresAndNoCrash() {
        let columns = LabelColumns(labels: ["a"], scores: [[0.7]], targets: [[true]])
        let intervals = FigureIntervals.measure(columns, thresholds: [0.5], resamples: 10)
        #expect(intervals.figures["accuracy_multi"]?.value == 1)
        #expect(intervals.figures["accuracy_multi"]?.exactLow.map { $0 < 0.05 } == true)
    }

    /// Perfect scores: every bootstrap sample is 1, which says nothing of other images.
    @Test(arguments: [1, 4, 9, 10, 200]) func samplesThatAreAllEqualAreNoInterval(_ count: Int) throws {
        let targets = (0..<count).map { $0 % 2 == 0 }
        let columns = LabelColumns(labels: ["a"], scores: [targets.map { $0 ? 0.9 : 0.1 }], targets: [targets])
        let figures = FigureIntervals.measure(columns, thresholds: [0.5], resamples: 50).figures
        let exact = try #require(figures["exact_match"])
        #expect(exact.value == 1 && exact.low == nil && exact.high == nil)
        #expect(exact.reason?.contains(count < 10 ? "too few" : "all bootstrap samples are equal") == true)
        let shown = try #require(exact.shown)
        // n of n: the lower end is the n-th root of 0.025.
        #expect(shown.isExact && shown.high == 1 && abs(shown.low - pow(0.025, 1 / Double(count))) < 1e-9)
        let macro = try #require(figures["macro_f1"])
        #expect(macro.value == 1 && macro.shown == nil && macro.reason == exact.reason)
    }

    /// A perfect label's correlation is 1 but for rounding in some samples: no interval from 1 to 1.
    @Test func roundingMakesNoInterval() throws {
        var random = SeededGenerator(seed: 2)
        let targets = (0..<203).map { _ in random.uniform() < 0.3 }
        let columns = LabelColumns(labels: ["a"], scores: [targets.map { $0 ? 0.9 : 0.1 }], targets: [targets])
        let figures = FigureIntervals.measure(columns, thresholds: [0.5]).perLabel[0].figures
        for name in ["matthews", "f1", "roc_auc", "average_precision"] {
            let bounds = try #require(figures[name])
            #expect(bounds.value.map { $0 <= 1 } == true && bounds.low == nil, "\(name)")
            #expect(bounds.reason == "all bootstrap samples are equal", "\(name)")
        }
    }

    /// As many samples as are asked for, and fewer of themselves only where there are very many scores.
    @Test func samplesAreAsManyAsAreAsked() throws {
        #expect(FigureIntervals.resamples(images: 203, labels: 8) == 1000)
        #expect(FigureIntervals.resamples(images: 50_000, labels: 20) == 400)
        #expect(FigureIntervals.resamples(images: 1_000_000, labels: 20) == 100)
        let targets = (0..<30_000).map { $0 % 3 == 0 }
        let scores = targets.map { $0 ? 0.6 : 0.4 }
        let columns = LabelColumns(
            labels: (0..<20).map { "\($0)" }, scores: [[Double]](repeating: scores, count: 20),
            targets: [[Bool]](repeating: targets, count: 20))
        let thresholds = [Double](repeating: 0.5, count: 20)
        #expect(FigureIntervals.measure(columns, thresholds: thresholds, resamples: 700).resamples == 700)
    }

    @Test func fewImagesHaveNoBootstrapThoughSamplesDiffer() throws {
        let columns = LabelColumns(
            labels: ["a"], scores: [[0.9, 0.2, 0.7, 0.4]], targets: [[true, false, false, true]])
        let figures = FigureIntervals.measure(columns, thresholds: [0.5], resamples: 50).figures
        #expect(figures["loss"]?.low == nil && figures["loss"]?.reason == "4 images are too few for the bootstrap")
        #expect(figures["accuracy_multi"]?.shown?.isExact == true)
        #expect(try JSON.text(figures).contains("\"reason\" : \"4 images"))
    }
}
