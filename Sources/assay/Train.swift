import ArgumentParser
import Evaluation
import Foundation
import ModelFiles
import Neural
import Training

struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Trains a multi-label classifier and writes its run folder.",
        discussion: """
            Examples:
              assay train --labels labels.csv --images photos --out run
              assay train --labels labels.csv --images photos --out run --arch resnet50 \\
                --pretrained resnet50.safetensors --size 128 --epochs 3 --freeze-epochs 4 --lr 3e-3
              assay train --labels photos --images photos --out run    (a folder for each label)

            With --pretrained the schedule is fastai's fine_tune: --freeze-epochs with a frozen body, then --epochs with all
            of it. Without, it is one cycle at one rate for all layers. --schedule decides otherwise.
            """)

    @Option(
        help: ArgumentHelp("Labels: a CSV with fname,labels[,is_valid], or a folder for each label.", valueName: "csv"))
    var labels: String
    @Option(help: ArgumentHelp("The folder that holds the images.", valueName: "dir"))
    var images: String
    @Option(help: ArgumentHelp("The run folder to write.", valueName: "run"))
    var out: String
    @Option(help: "resnet18, 34, 50, 101, 152, or resnet10s for small images.")
    var arch = "resnet18"
    @Option(help: "The head: fastai or linear.")
    var head = "fastai"
    @Option(
        help: ArgumentHelp("Weights to start the body from (.safetensors, torchvision's names).", valueName: "file"))
    var pretrained: String?
    @Option(help: "Edge of the square input in pixels.")
    var size = 128
    @Option(help: "Epochs (after the frozen ones).")
    var epochs = 3
    @Option(help: "Epochs with a frozen body, for fine-tune.")
    var freezeEpochs = 1
    @Option(help: "auto, fine-tune or one-cycle.")
    var schedule = "auto"
    @Option(help: "The learning rate.")
    var lr = "3e-3"
    @Option(help: "Images a step.")
    var batchSize = 64
    @Option(help: "Share of the images that validates.")
    var validPct = "0.2"
    @Option(help: "random, stratified, or column (is_valid); default: column where the CSV has one, else random.")
    var split: String?
    @Option(help: "Smallest share of an image that RandomResizedCrop keeps.")
    var minScale = "0.35"
    @Option(help: "Decides the split, the weights, the order and the augmentation.")
    var seed: UInt64 = 42
    @Option(help: "A label is predicted where its probability is above this.")
    var threshold = "0.5"
    @Flag(help: "Print the history as JSON.")
    var json = false
    @OptionGroup var labelOptions: LabelOptions
    @OptionGroup var threadOptions: ThreadOptions

    func validate() throws {
        _ = try parseThreshold(threshold)
        guard epochs >= 0, freezeEpochs >= 0 else { throw ValidationError("--epochs: expected 0 or more.") }
        guard batchSize >= 2 else { throw ValidationError("--batch-size: expected 2 or more, got \(batchSize).") }
        guard let rate = StrictNumber.parse(lr), rate > 0 else {
            throw ValidationError("--lr: expected a number above 0, got '\(lr)'.")
        }
        guard let share = StrictNumber.parse(validPct), share > 0, share < 1 else {
            throw ValidationError("--valid-pct: expected a share between 0 and 1, got '\(validPct)'.")
        }
        guard let scale = StrictNumber.parse(minScale), scale > 0, scale <= 1 else {
            throw ValidationError("--min-scale: expected a share from 0 to 1, got '\(minScale)'.")
        }
        guard ["auto", "fine-tune", "one-cycle"].contains(schedule) else {
            throw ValidationError("--schedule: expected auto, fine-tune or one-cycle, got '\(schedule)'.")
        }
        guard split == nil || ["random", "stratified", "column"].contains(split ?? "") else {
            throw ValidationError("--split: expected random, stratified or column, got '\(split ?? "")'.")
        }
        guard ResNet.Head(rawValue: head) != nil else {
            throw ValidationError("--head: expected fastai or linear, got '\(head)'.")
        }
        do { _ = try ResNet(named: arch) } catch { throw ValidationError("--arch: \(error).") }
    }

    func run() throws {
        try StagedFolder.requireFree(out, marker: RunFolder.marker)
        let table = try labelOptions.table(labels)
        let data = try Dataset(table, folder: images, split: makeSplit(table))
        let learner = try Learner(
            try config(data), data, threads: threadOptions.count, pretrained: try startingWeights())
        Terminal.note(
            "\(data.names.count) images, \(data.split.training.count) to train and \(data.split.validation.count) to validate, "
                + "\(data.vocab.count) labels: \(data.vocab.joined(separator: ", "))".singleLine)
        try TrainingProgress.run(learner, quiet: json)
        let (_, record) = try RunFolder.write(learner, to: out)
        if json {
            try Terminal.print(JSON.text(learner.history))
        } else {
            try Terminal.print(Summary.validation(record))
            if learner.trainedSeconds > 0 {
                Terminal.note(
                    "waited for images \(Int(100 * learner.waitedSeconds / learner.trainedSeconds)) % of the time")
            }
            try Terminal.print("run folder: \(out)".singleLine)
        }
    }

    private func makeSplit(_ table: LabelTable) throws -> Split {
        let share = StrictNumber.parse(validPct) ?? 0.2
        switch split ?? (table.rows.contains { $0.isValid != nil } ? "column" : "random") {
        case "column": return try .byColumn(table)
        case "stratified": return try .stratified(table, validationShare: share, seed: seed)
        default: return try .random(count: table.rows.count, validationShare: share, seed: seed)
        }
    }

    private func config(_ data: Dataset) throws -> RunConfig {
        let rate = StrictNumber.parse(lr) ?? 3e-3
        let tunes = schedule == "fine-tune" || (schedule == "auto" && pretrained != nil)
        return RunConfig(
            arch: arch, head: ResNet.Head(rawValue: head) ?? .fastai, vocab: data.vocab,
            preprocessing: try .validation(size: size),
            thresholds: Array(repeating: try parseThreshold(threshold), count: data.vocab.count),
            fits: tunes
                ? Fit.fineTune(epochs: epochs, freezeEpochs: freezeEpochs, rate: rate)
                : Fit.oneCycle(epochs: epochs, rate: rate),
            batchSize: batchSize, minScale: StrictNumber.parse(minScale) ?? 0.35,
            validPct: StrictNumber.parse(validPct) ?? 0.2,
            split: split ?? "auto", seed: seed,
            pretrained: pretrained.map { URL(fileURLWithPath: $0).lastPathComponent })
    }

    /// The weights to start from, after saying what fits.
    private func startingWeights() throws -> StateDictionary? {
        guard let pretrained else { return nil }
        let state = try SafeTensors.read(FileBytes.read(pretrained), named: pretrained).tensors
        let graph = try ResNet(named: arch).graph(labelCount: 1, head: .linear)
        let layout = ParameterLayout(graph)
        let body = (layout.parameters + layout.buffers).filter { !$0.name.hasPrefix("fc.") }
        let matched = body.filter { state[$0.name]?.shape == $0.shape }
        guard matched.count == body.count else {
            let first = body.first { state[$0.name]?.shape != $0.shape }
            throw InputError(
                "the weights do not fit \(arch)", at: pretrained, expected: "all \(body.count) tensors of its body",
                got: "\(matched.count); '\(first?.name ?? "")' is missing or of another shape")
        }
        Terminal.note("\(pretrained): \(matched.count) tensors of the body matched; the head starts fresh".singleLine)
        return state.filter { name, _ in matched.contains { $0.name == name } }
    }
}
