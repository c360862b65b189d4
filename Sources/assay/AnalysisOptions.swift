import ArgumentParser
import Evaluation

/// What is worked out beyond the figures.
struct AnalysisOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What thresholds.json is best for: f1, f0.5, f2, precision=0.9, recall=0.9, cost=1:5 (default: f1).",
            valueName: "goal"))
    var optimise: String?

    @Option(help: ArgumentHelp("Parts of the images for cross-fitted thresholds, 2 to 20.", valueName: "n"))
    var folds = 5

    @Option(
        help: ArgumentHelp(
            "Bootstrap samples for the intervals; 0: no intervals (default: 1000, down to 100 beyond 400,000 scores).",
            valueName: "n"))
    var resamples: Int?

    @Flag(
        help: ArgumentHelp(
            "Bootstrap samples keep the labels' shares: for a set that was put together with so many images of each label."
        ))
    var stratified = false

    @Option(help: ArgumentHelp("The seed of folds and samples.", valueName: "n"))
    var analysisSeed: UInt64 = 42

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Labels, joined by commas, that are never true beside another; predictions that say so are listed. May be repeated.",
            valueName: "labels"))
    var exclusive: [String] = []

    func validate() throws {
        do { _ = try objective() } catch { throw ValidationError("--optimise: \(error)") }
        guard (2...20).contains(folds) else { throw ValidationError("--folds: expected 2 to 20, got \(folds).") }
        if let resamples, !(0...100_000).contains(resamples) {
            throw ValidationError("--resamples: expected 0 to 100000, got \(resamples).")
        }
    }

    /// Whether any of it is asked for by name.
    var isAsked: Bool { optimise != nil || resamples != nil || stratified || !exclusive.isEmpty }

    func objective() throws -> ThresholdObjective { try ThresholdObjective(parsing: optimise ?? "f1") }

    func options() throws -> Analysis.Options {
        var options = Analysis.Options()
        options.objective = try objective()
        options.folds = folds
        options.seed = analysisSeed
        options.resamples = resamples
        options.isStratified = stratified
        options.exclusive = exclusive.flatMap { $0.split(separator: ",").map { String($0) } }
        return options
    }
}
