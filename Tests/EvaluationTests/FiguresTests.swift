import Evaluation
import Foundation
import Testing

/// A case of figures.json; its script says what is null.
struct FiguresFixture: Decodable {
    struct Decisions: Decodable { var f2, fHalf, jaccard, matthews, balancedAccuracy: Double? }
    var name: String
    var rows, labels: Int
    var scores: [Double]
    var threshold: Double
    var truth: [Int]
    var perLabel: [Decisions]
    var micro, macro, weighted, samples: [Double?]
    var matthews, balancedAccuracy, coverageError, lrap, rankingLoss, brier: Double?
    var torchmetrics: [String: Double?]

    static func read(_ file: String = #filePath) throws -> [FiguresFixture] {
        let folder = URL(fileURLWithPath: file).deletingLastPathComponent()
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(
            [FiguresFixture].self, from: Data(contentsOf: folder.appendingPathComponent("Fixtures/figures.json")))
    }

    /// - Parameters: columns and images in an order; the widths that scores may be held in.
    func record(columns: [Int]? = nil, images: [Int]? = nil, threads: Int? = nil) throws -> EvaluationRecord {
        let (columns, images) = (columns ?? Array(0..<labels), images ?? Array(0..<rows))
        let names = images.map { "image\($0)" }
        let vocab = columns.map { "label\($0)" }
        let values = images.flatMap { row in columns.map { scores[row * labels + $0] } }
        let targets = images.map { row in columns.indices.filter { truth[row * labels + columns[$0]] == 1 } }
        return try .measure(
            title: name, scores: ScoreTable(Scores(names: names, labels: vocab, values: values)),
            truth: TruthTable(Truth(names: names, labels: vocab, targets: targets)), thresholds: [threshold],
            threads: threads)
    }
}

@Suite struct FiguresTests {
    @Test(arguments: 0..<12)
    func figuresAgreeWithScikitLearn(_ index: Int) throws {
        let expected = try FiguresFixture.read()[index]
        let record = try expected.record()
        for (ours, theirs) in zip(record.perLabel, expected.perLabel) {
            #expect(agrees(ours.f2, theirs.f2))
            #expect(agrees(ours.fHalf, theirs.fHalf))
            #expect(agrees(ours.jaccard, theirs.jaccard))
            #expect(agrees(ours.matthews, theirs.matthews))
            #expect(agrees(ours.balancedAccuracy, theirs.balancedAccuracy))
        }
        let f = record.figures
        for (ours, theirs) in [
            (f.micro, expected.micro), (f.macro, expected.macro), (f.weighted, expected.weighted),
            (f.samples, expected.samples),
        ] {
            #expect(agrees(ours.f2, theirs[0]))
            #expect(agrees(ours.fHalf, theirs[1]))
            #expect(agrees(ours.jaccard, theirs[2]))
        }
        #expect(agrees(f.matthews, expected.matthews))
        #expect(agrees(f.balancedAccuracy, expected.balancedAccuracy))
        #expect(agrees(f.brier, expected.brier))
        // The libraries know no ranking of a single label.
        guard expected.labels > 1 else { return }
        #expect(agrees(f.coverageError, expected.coverageError))
        #expect(agrees(f.labelRankingAveragePrecision, expected.lrap))
        #expect(agrees(f.rankingLoss, expected.rankingLoss))
    }

    /// torchmetrics adds up in single precision.
    @Test(arguments: 0..<12)
    func figuresAgreeWithTorchmetrics(_ index: Int) throws {
        let expected = try FiguresFixture.read()[index]
        let f = try expected.record().figures
        func close(_ ours: Double?, _ name: String) {
            guard let theirs = expected.torchmetrics[name] else { return }
            switch (ours, theirs) {
            case (let a?, let b?): #expect(abs(a - b) <= 1e-6, "\(name): \(a) and \(b)")
            default: #expect(ours == nil && theirs == nil, "\(name)")
            }
        }
        close(f.coverageError, "coverage_error")
        close(f.labelRankingAveragePrecision, "lrap")
        close(f.ece, "ece")
        // Its ranking loss orders ties by their place.
        if expected.name == "random" { close(f.rankingLoss, "ranking_loss") }
    }

    @Test(arguments: 0..<12)
    func neitherOrderNorThreadsMatter(_ index: Int) throws {
        let fixture = try FiguresFixture.read()[index]
        let record = try fixture.record(threads: 1)
        #expect(try fixture.record(threads: 7) == record)
        let turned = try fixture.record(
            columns: Array((0..<fixture.labels).reversed()), images: Array((0..<fixture.rows).reversed()))
        // What sorting gives is the same to the last bit.
        #expect(Array(turned.perLabel.reversed()) == record.perLabel)
        #expect(agrees(turned.figures.loss, record.figures.loss))
        #expect(agrees(turned.figures.rankingLoss, record.figures.rankingLoss))
        #expect(agrees(turned.figures.samples.jaccard, record.figures.samples.jaccard))
        #expect(turned.figures.micro == record.figures.micro)
    }

    @Test(arguments: 0..<12)
    func microIsTheFigureOfAllDecisionsAsOneLabelAndMacroTheMean(_ index: Int) throws {
        var fixture = try FiguresFixture.read()[index]
        let (f, labels) = (try fixture.record().figures, try fixture.record().perLabel)
        func mean(_ values: [Double?]) -> Double? {
            let defined = values.compactMap { $0 }
            return defined.isEmpty ? nil : defined.reduce(0, +) / Double(defined.count)
        }
        #expect(agrees(f.macro.jaccard, mean(labels.map(\.jaccard))))
        #expect(agrees(f.balancedAccuracy, mean(labels.map(\.balancedAccuracy))))
        (fixture.rows, fixture.labels) = (fixture.rows * fixture.labels, 1)
        let one = try fixture.record().perLabel[0]
        #expect(agrees(f.micro.jaccard, one.jaccard) && agrees(f.micro.f2, one.f2))
        #expect(agrees(f.matthews, one.matthews) && agrees(f.brier, one.brier) && agrees(f.ece, one.ece))
    }

    /// The null model measured as any other: constant scores, nothing predicted.
    @Test(arguments: 0..<12)
    func theNullModelIsOneThatSaysTheBaseRates(_ index: Int) throws {
        var fixture = try FiguresFixture.read()[index]
        let record = try fixture.record()
        let rates = record.perLabel.map { Double($0.support) / Double(fixture.rows) }
        fixture.scores = (0..<fixture.rows).flatMap { _ in rates }
        fixture.threshold = 1
        let null = try fixture.record()
        let (a, b) = (record.nullFigures, null.figures)
        #expect(agrees(a.loss, b.loss) && agrees(a.meanAveragePrecision, b.meanAveragePrecision))
        #expect(agrees(a.macroROCAUC, b.macroROCAUC) && agrees(a.brier, b.brier) && agrees(a.ece, b.ece))
        #expect(agrees(a.coverageError, b.coverageError) && agrees(a.rankingLoss, b.rankingLoss))
        #expect(agrees(a.labelRankingAveragePrecision, b.labelRankingAveragePrecision))
        #expect(a.samples == b.samples && a.noPredictionCount == fixture.rows)
        for (ours, measured) in zip(record.nullPerLabel ?? [], null.perLabel) {
            #expect(ours.tn == measured.tn && agrees(ours.averagePrecision, measured.averagePrecision))
            #expect(agrees(ours.bestThreshold, measured.bestThreshold) && agrees(ours.rocAUC, measured.rocAUC))
        }
    }

    @Test func whatIsUndefinedIsNullAndNeverScikitLearnsZeroOrOne() throws {
        let scores = try Scores(names: ["a", "b"], labels: ["x", "y"], values: [0.1, 0.2, 0.3, 0.4])
        for targets in [[[], []], [[0, 1], [0, 1]]] {
            let truth = try Truth(names: ["a", "b"], labels: ["x", "y"], targets: targets)
            let f = try EvaluationRecord.measure(title: "t", scores: scores, truth: truth, thresholds: [0.5]).figures
            #expect(f.labelRankingAveragePrecision == nil && f.rankingLoss == nil)
            #expect((f.coverageError == nil) == targets[0].isEmpty)
            #expect(f.matthews == nil && f.balancedAccuracy == nil && f.macroROCAUC == nil)
        }
    }

    @Test func recordsOfEarlierVersionsAreReadWithWhatTheyLackUndefined() throws {
        let record = try FiguresFixture.read()[0].record()
        var object = try #require(
            try JSONSerialization.jsonObject(with: Data(RecordFile.json(record).utf8)) as? [String: Any])
        object["null_per_label"] = nil
        var figures = try #require(object["figures"] as? [String: Any])
        figures["coverage_error"] = nil
        object["figures"] = figures
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("record-\(UUID()).json").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try FileBytes.write(Array(JSONSerialization.data(withJSONObject: object)), to: path)
        let read = try RecordFile.read(path)
        #expect(read.figures.coverageError == nil && read.nullPerLabel == nil && read.images == record.images)
    }
}
