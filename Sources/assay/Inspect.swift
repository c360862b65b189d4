import ArgumentParser
import Evaluation
import Foundation
import Neural
import Training

struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lists a model's layers, parameters, multiply-adds, and its memory by batch size.",
        discussion: """
            Examples:
              assay inspect run
              assay inspect --arch resnet50 --labels 8 --size 224
              assay inspect --arch resnet50 --labels 8 --size 224 --ema 0.999 --keep-best
              assay inspect run --profile --training --batch-size 16

            A training's memory is that of the run's own recipe, or of train's, with what is given here.
            """)

    @Argument(
        help: ArgumentHelp("A run folder, a bundle or weights; none with --arch and --labels.", valueName: "model"))
    var path: String?
    @Option(help: ArgumentHelp("Labels of a network without weights.", valueName: "n"))
    var labels: Int?
    @Option(help: ArgumentHelp("Images a batch, for --profile (default: 16).", valueName: "n"))
    var batchSize: Int?
    @Flag(help: "Time every layer, against the machine's multiply-add peak.")
    var profile = false
    @Flag(help: "With --profile, of a training step: forward and backward.")
    var training = false
    @Option(help: ArgumentHelp("Passes to profile; the median counts (default: 5).", valueName: "n"))
    var repeats: Int?
    @Option(help: ArgumentHelp("As in train, for a training's memory.", valueName: "decay"))
    var ema: String?
    @Option(help: ArgumentHelp("As in train, for a training's memory.", valueName: "n"))
    var accumulate: Int?
    @Flag(inversion: .prefixedNo, help: "As in train, for a training's memory.")
    var keepBest: Bool?
    @Flag(help: "Print JSON.")
    var json = false
    @OptionGroup var modelOptions: ModelOptions
    @OptionGroup var threadOptions: ThreadOptions

    private var given: String? { path ?? modelOptions.model }

    func validate() throws {
        guard path == nil || modelOptions.model == nil else { throw ValidationError("Give the model once.") }
        guard given != nil || (modelOptions.arch != nil && labels != nil) else {
            throw ValidationError("Give a model, or --arch and --labels.")
        }
        guard given == nil || labels == nil else { throw ValidationError("--labels is for a network without weights.") }
        for (name, value, range) in [("--batch-size", batchSize, 1...4096), ("--repeats", repeats, 1...1000)] {
            guard let value else { continue }
            guard profile else { throw ValidationError("\(name) goes with --profile.") }
            guard range.contains(value) else {
                throw ValidationError("\(name): expected 1 to \(range.upperBound), got \(value).")
            }
        }
        guard profile || !training else { throw ValidationError("--training goes with --profile.") }
        let planned = [
            ("--ema", ema != nil), ("--accumulate", accumulate != nil), ("--keep-best", keepBest != nil),
        ]
        if profile, let (name, _) = planned.first(where: \.1) {
            throw ValidationError("\(name) changes no figure of --profile.")
        }
        _ = try recipe(Recipe())
        if let labels, !(1...100_000).contains(labels) {
            throw ValidationError("--labels: expected 1 to 100000, got \(labels).")
        }
    }

    func run() throws {
        let (graph, parameters, size, name, recipe) = try network()
        let report = try ModelReport(
            name: name, graph: graph, size: size, threads: threadOptions.count, self.recipe(recipe))
        guard profile else {
            return try Terminal.print(json ? report.json().text() : report.text())
        }
        let (batchSize, repeats) = (batchSize ?? 16, repeats ?? 5)
        let shape = MapShape(images: batchSize, height: size, width: size, channels: 3)
        let workers = Workers(count: threadOptions.count)
        let needed =
            try training
            ? TrainingLayout(graph, input: shape, threads: workers.count).memory.total
            : InferenceLayout(graph, input: shape, threads: workers.count).memory.total
        try FreeMemory.check(needed, for: "a batch of \(batchSize)")
        // Another program's bad moment must not pass for the machine's peak.
        let before = LayerProfile.peakFlops(threads: workers.count)
        let layers =
            try training
            ? TrainingPlan(graph, parameters, input: shape, workers: workers).profile(repeats: repeats)
            : InferencePlan(graph, parameters, input: shape, workers: workers).profile(repeats: repeats)
        let table = ProfileTable(
            layers: layers, batchSize: batchSize,
            peak: max(before, LayerProfile.peakFlops(threads: workers.count)))
        try Terminal.print(json ? table.json().text() : table.text())
    }

    /// A recipe with what takes memory as it is given.
    private func recipe(_ recipe: Recipe) throws -> Recipe {
        var changed = recipe
        try RecipeOptions.check("--accumulate", accumulate)
        changed.averageDecay = try RecipeOptions.averageDecay(ema) ?? recipe.averageDecay
        changed.accumulation = accumulate ?? recipe.accumulation
        changed.keepsBest = keepBest ?? recipe.keepsBest
        return changed
    }

    private func network() throws -> (Graph, Parameters, size: Int, name: String, Recipe) {
        if let given {
            let model = try modelOptions.load(given, needsVocab: false)
            let config = model.config
            return (model.graph, model.parameters, config.preprocessing.size, model.identity.name, config.recipe)
        }
        let arch = modelOptions.arch ?? ""
        let size = try modelOptions.barePreprocessing().size
        let graph = try ResNet(named: arch).graph(labelCount: labels ?? 1, head: modelOptions.bareHead())
        let parameters = try Parameters(graph)
        parameters.initialise(seed: 1)
        return (graph, parameters, size, arch, Recipe())
    }
}
