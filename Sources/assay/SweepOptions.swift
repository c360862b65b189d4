import ArgumentParser
import Evaluation
import Foundation
import Report
import Training

/// Which properties of the pictures `evaluate` also changes, one at a time.
struct SweepOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Also with one property of the pictures changed: size=128,224,460, blur=1,2 (pixels), noise=8,16 (256ths), jpeg=90,30 (quality) or brightness=0.5,2; may be repeated.",
            valueName: "values"))
    var sweep: [String] = []

    func validate() throws {
        do { _ = try sweeps() } catch { throw ValidationError("--sweep: \(error)") }
    }

    private func sweeps() throws -> [Sweep] {
        let sweeps = try sweep.map { try Sweep(parsing: $0) }
        let factors = sweeps.map(\.factor)
        for factor in factors where factors.count(where: { $0 == factor }) > 1 {
            throw InputError(
                "two sweeps are over one factor", expected: "all values in one", got: "\(factor.rawValue) twice")
        }
        return sweeps
    }

    /// `sweep.json`, `sweep.csv` and, where pages are wanted, `sweep.html` and the charts; none if no sweep is asked for.
    func files(
        _ base: EvaluationRecord, model: Model, images: String, resamples: Int, seed: UInt64, threads: Int,
        batchSize: Int, isPaged: Bool
    ) throws -> [(path: String, bytes: [UInt8])] {
        // Without draws there are no intervals to tell a change from chance by.
        let resamples = resamples > 0 ? resamples : FigureIntervals.mostResamples
        let sweeps = try sweeps()
        guard !sweeps.isEmpty else { return [] }
        let names = base.images.map(\.name)
        let paths = try Dataset.locate(names, in: images)
        let truth = try Truth(names: names, labels: base.labels, targets: base.images.map(\.target))
        var parts: [SweepTable.Part] = []
        for sweep in sweeps {
            let preprocessing = model.config.preprocessing
            let unchanged = sweep.factor.unchanged(preprocessing)
            parts.append(.init(factor: sweep.factor.rawValue, value: unchanged, record: nil))
            for value in sweep.values where value != unchanged {
                Terminal.note("\(sweep.factor.rawValue) \(String(format: "%g", value))")
                let view = try ModelView(preprocessing, sweep.factor, value, seed: seed)
                let (scores, _) = try Scoring.score(
                    model, paths, names, threads: threads, batchSize: batchSize, view: view)
                parts.append(
                    .init(
                        factor: sweep.factor.rawValue, value: value,
                        record: try .measure(
                            title: base.title, scores: scores, truth: truth, thresholds: base.thresholds)))
            }
        }
        let order = Dictionary(sweeps.enumerated().map { ($1.factor.rawValue, $0) }, uniquingKeysWith: { a, _ in a })
        parts.sort {
            ((order[$0.factor] ?? 0), $0.value ?? .infinity) < ((order[$1.factor] ?? 0), $1.value ?? .infinity)
        }
        let table = try SweepTable.measure(base, parts, resamples: resamples, seed: seed)
        for line in Self.lines(table) { Terminal.note(line) }
        return (isPaged ? try SweepPage.files(table, title: base.title) : []) + [
            (SweepTable.file, Array((try JSON.text(table) + "\n").utf8)),
            (SweepTable.csvFile, Array(table.csv.utf8)),
        ]
    }

    /// Every value of every factor in a line, whether or not it changes anything.
    static func lines(_ table: SweepTable) -> [String] {
        table.rows.filter { !$0.isUnchanged }.map { row in
            let f = row.figures["accuracy_multi"]
            func signed(_ value: Double?) -> String { value.map { String(format: "%+.4f", $0) } ?? "undefined" }
            let range =
                f?.changeLow == nil
                ? "no interval"
                : "\(signed(f?.changeLow)) to \(signed(f?.changeHigh))\(f?.isChanged == true ? "" : ", within chance")"
            let value = row.value.map { String(format: " %g", $0) } ?? ""
            return
                "\(row.factor)\(value): accuracy_multi \(Summary.number(f?.value)), change \(signed(f?.change)) (\(range))"
        }
    }
}
