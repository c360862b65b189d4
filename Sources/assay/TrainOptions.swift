import ArgumentParser
import Evaluation
import Neural
import Training

/// What decides a new training; a resumed one has it all from its run. Each is nil unless it was given.
struct TrainOptions: ParsableArguments {
    @Option(help: "resnet18, 34, 50, 101, 152, or resnet10s for small images (default: resnet18).")
    var arch: String?
    @Option(help: "The head: fastai or linear (default: fastai).")
    var head: String?
    @Option(
        help: ArgumentHelp(
            "Weights to start the body from: torchvision's, timm's or fastai's (.pth, .safetensors).", valueName: "file"
        ))
    var pretrained: String?
    @OptionGroup var normalisation: NormalisationOptions
    @Option(help: "Edge of the square input in pixels (default: 128).")
    var size: Int?
    @Option(
        help: ArgumentHelp("Images a step, or auto: the most that fit the free memory (default: 64).", valueName: "n"))
    var batchSize: String?
    @Option(help: "Share of the images that validates (default: 0.2).")
    var validPct: String?
    @Option(help: "random, stratified, or column (is_valid); default: column where the CSV has one, else random.")
    var split: String?
    @Option(help: "Smallest share of an image that RandomResizedCrop keeps (default: 0.35).")
    var minScale: String?
    @Flag(inversion: .prefixedNo, help: "Crop and flip training images at random, or prepare them as validation's.")
    var augment: Bool?
    @Flag(
        inversion: .prefixedNo,
        help: """
            While the body is frozen, its batch norms rest too; with --no-augment, unless there is --mixup, its features \
            are computed once.
            """)
    var freezeBn: Bool?
    @Option(help: "Decides the split, the weights, the order and the augmentation (default: 42).")
    var seed: UInt64?
    @Option(help: "A label is predicted where its probability is above this (default: 0.5).")
    var threshold: String?

    func validate() throws {
        if let threshold { _ = try parseThreshold(threshold) }
        if let size, !Preprocessing.sizes.contains(size) {
            let range = Preprocessing.sizes
            throw ValidationError("--size: expected \(range.lowerBound) to \(range.upperBound) pixels, got \(size).")
        }
        if let batchSize, batchSize != "auto" {
            guard let count = Int(batchSize), count >= 2 else {
                throw ValidationError("--batch-size: expected auto or a number from 2, got '\(batchSize)'.")
            }
        }
        if let validPct {
            guard let share = StrictNumber.parse(validPct), share > 0, share < 1 else {
                throw ValidationError("--valid-pct: expected a share between 0 and 1, got '\(validPct)'.")
            }
        }
        if let minScale {
            guard let scale = StrictNumber.parse(minScale), scale > 0, scale <= 1 else {
                throw ValidationError("--min-scale: expected a share above 0, at most 1, got '\(minScale)'.")
            }
            guard augment != false else { throw ValidationError("--min-scale means nothing with --no-augment.") }
        }
        if let split, Split.Kind(rawValue: split) == nil {
            throw ValidationError("--split: expected random, stratified or column, got '\(split)'.")
        }
        if let head, ResNet.Head(rawValue: head) == nil {
            throw ValidationError("--head: expected fastai or linear, got '\(head)'.")
        }
        if let arch { do { _ = try ResNet(named: arch) } catch { throw ValidationError("--arch: \(error).") } }
    }

    /// The names of those that were given.
    var given: [String] {
        let texts = [
            ("--arch", arch), ("--head", head), ("--pretrained", pretrained), ("--size", size.map(String.init)),
            ("--batch-size", batchSize), ("--valid-pct", validPct), ("--split", split), ("--min-scale", minScale),
            ("--augment", augment.map { "\($0)" }), ("--freeze-bn", freezeBn.map { "\($0)" }),
            ("--seed", seed.map { "\($0)" }), ("--threshold", threshold),
        ]
        return texts.filter { $0.1 != nil }.map(\.0) + normalisation.given
    }

    /// The settings of a new run on this table; its batch size is 64 where the memory decides it.
    func config(_ table: LabelTable, fits: [Fit], _ recipe: Recipe) throws -> RunConfig {
        let vocab = table.vocabulary
        let byColumn = table.rows.contains { $0.isValid != nil }
        var config = RunConfig(
            arch: arch ?? "resnet18", head: head.flatMap(ResNet.Head.init) ?? .fastai, vocab: vocab,
            preprocessing: try .validation(size: size ?? 128),
            thresholds: Array(repeating: try parseThreshold(threshold ?? "0.5"), count: vocab.count), fits: fits,
            batchSize: batchSize.flatMap(Int.init) ?? 64, minScale: minScale.flatMap(StrictNumber.parse) ?? 0.35,
            validPct: validPct.flatMap(StrictNumber.parse) ?? 0.2,
            split: split.flatMap(Split.Kind.init) ?? (byColumn ? .column : .random), seed: seed ?? 42,
            pretrained: pretrained.map { $0.split(separator: "/").last.map(String.init) ?? $0 })
        config.augments = augment ?? true
        config.freezesNorms = freezeBn ?? false
        config.recipe = recipe
        return config
    }
}
