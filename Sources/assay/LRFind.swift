import ArgumentParser
import Evaluation
import Foundation
import Report
import Training

struct LRFind: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lr-find",
        abstract: "Finds a learning rate: trains with a growing one, draws the loss, and changes nothing.",
        discussion: """
            Examples:
              assay lr-find --labels labels.csv --images photos
              assay lr-find --labels labels.csv --images photos --out lr.png
              assay lr-find --config recipe.yaml --pretrained resnet50.pth
              assay lr-find --resume run

            The last is for a second set of epochs. As fastai's lr_find: 100 steps from 1e-7 to 10, until the loss is 4 times its best. \
            Suggests by its four rules: lr_min a tenth of the rate of the lowest loss, lr_steep the \
            steepest descent, valley two thirds along the longest descent, slide the last place \
            before the loss goes up. A pretrained body is frozen unless --no-frozen.
            """)

    @Option(
        help: ArgumentHelp("Labels: a CSV with fname,labels[,is_valid], or a folder for each label.", valueName: "csv"))
    var labels: String?
    @Option(help: ArgumentHelp("The folder that holds the images.", valueName: "dir"))
    var images: String?
    @Option(
        help: ArgumentHelp(
            "Start from a run's weights, optimiser and settings, and leave it as it is.", valueName: "run"))
    var resume: String?
    @Option(help: ArgumentHelp("Draw the curve into this file.", valueName: "png"))
    var out: String?
    @Option(help: ArgumentHelp("The first rate (default: 1e-7).", valueName: "rate"))
    var startLr: String?
    @Option(help: ArgumentHelp("The last rate (default: 10).", valueName: "rate"))
    var endLr: String?
    @Option(help: ArgumentHelp("Steps from the one to the other.", valueName: "n"))
    var steps = 100
    @Flag(
        inversion: .prefixedNo, help: "Whether the body is frozen (default: where it is pretrained, but for --resume).")
    var frozen: Bool?
    @Option(help: ConfigFile.help)
    var config: String?
    @Flag(help: "Print the suggestions and the curve as JSON.")
    var json = false
    @OptionGroup(title: "The training") var options: TrainOptions
    @OptionGroup(title: "Its recipe") var recipe: RecipeOptions
    @OptionGroup(title: "Its augmentation") var augment: AugmentOptions
    @OptionGroup var cacheOptions: CacheOptions
    @OptionGroup var labelOptions: LabelOptions
    @OptionGroup var threadOptions: ThreadOptions

    func validate() throws {
        try recipe.validate(with: options)
        try augment.validate(with: options, cache: cacheOptions.cache)
        _ = try rates()
        if steps < 6 { throw ValidationError("--steps: expected 6 or more, got \(steps).") }
        if resume == nil {
            for (name, value) in [("--labels", labels), ("--images", images)] where value == nil {
                throw ValidationError("Missing expected argument '\(name)'.")
            }
        } else if let name = (options.given + recipe.given + augment.given).first {
            throw ValidationError("\(name): a resumed run keeps what it was started with.")
        }
    }

    private func rates() throws -> (start: Double, end: Double) {
        let start = try NumberOption.parse(startLr, "--start-lr", expected: "a number above 0") { $0 > 0 } ?? 1e-7
        let end = try NumberOption.parse(endLr, "--end-lr", expected: "a number above --start-lr") { $0 > start } ?? 10
        guard end > start else { throw ValidationError("--start-lr: expected less than \(end), got \(start).") }
        return (start, end)
    }

    func run() throws {
        if let out { try PicturePlace.check(out, inputs: [labels, images, resume, options.pretrained, config]) }
        let idle = recipe.withoutEffectOnSteps
        if !idle.isEmpty { Terminal.note("the search does not depend on \(idle.joined(separator: ", "))") }
        let learner = try self.learner()
        if let cache = cacheOptions.cache { try learner.useCache(cache) }
        let (start, end) = try rates()
        StopSignal.watch()
        let bar = Progress("finding", total: steps)
        let curve = try learner.findLearningRate(
            from: start, to: end, steps: steps, isFrozen: frozen ?? (options.pretrained != nil),
            { bar.update($0, String(format: "loss %.4f", $1)) }, isStopped: { StopSignal.number != nil })
        bar.clear()
        if let number = StopSignal.number { throw ExitCode(128 + number) }
        if let out { try FileBytes.write(LearningRateChart.png(curve.rates, curve.losses, named(curve)), to: out) }
        if json { return try Terminal.print(JSON.text(curve)) }
        if let last = curve.losses.last, !last.isFinite {
            Terminal.note(
                "the loss of step \(curve.losses.count) is no longer finite, at a rate of "
                    + String(format: "%.2e", curve.rates.last ?? 0))
        }
        // The explosion at the end would flatten the rest.
        let shown = max(2, curve.losses.count - 5)
        try Terminal.print(
            TextChart(
                points: zip(curve.rates, curve.losses).prefix(shown).map { (log10($0), $1) },
                xTitle: "log10 of the rate",
                yTitle: "loss"
            ).text)
        for (name, rate) in suggestions(curve) {
            // Its rule leaves out the first tenth and the last 5.
            let text = rate.map { String(format: "%.2e", $0) } ?? "none: too few steps before the search ended"
            try Terminal.print("\(name.padded(10))\(text)")
        }
        if let out { Terminal.note("the curve is drawn in \(out)".singleLine) }
    }

    private func learner() throws -> Learner {
        if let resume {
            return try ResumedTraining(run: resume, labels: labels, images: images, threads: threadOptions.count)
                .learner().0
        }
        return try NewTraining(
            labels: labels ?? "", images: images ?? "", options: options, recipe: recipe, fits: [],
            labelOptions: labelOptions, threads: threadOptions.count, augment: augment,
            presizes: cacheOptions.cache != nil
        ).learner()
    }

    private func suggestions(_ curve: LearningRateCurve) -> [(name: String, rate: Double?)] {
        let found = curve.suggestions
        return [("lr_min", found.lrMin), ("lr_steep", found.lrSteep), ("valley", found.valley), ("slide", found.slide)]
    }

    private func named(_ curve: LearningRateCurve) -> [(name: String, rate: Double)] {
        suggestions(curve).compactMap { name, rate in rate.map { (name, $0) } }
    }
}
