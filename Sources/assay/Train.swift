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
              assay train --labels labels.csv --images photos --out run \\
                --arch resnet50 --pretrained resnet50.pth \\
                --epochs 3 --freeze-epochs 4 --lr 3e-3
              assay train --labels photos --images photos --out run
                (a folder for each label)
              assay train --resume run
                (goes on where it was stopped or killed)
              assay train --resume run --epochs 2 --lr 1e-4
                (a second set of epochs)
              assay train --labels labels.csv --images photos --out run \\
                --transforms fastai --item-size 720 --size 460 --min-scale 0.75 --cache presized
                (fastai's presizing and aug_transforms)
              assay train --config recipe.yaml --out run --lr 1e-3
              assay train --labels labels.csv --images photos --out run --image-memory 4GB

            With --pretrained the schedule is fastai's fine_tune: --freeze-epochs with a frozen \
            body, then --epochs with all of it. Without, it is one cycle at one rate for all \
            layers. --schedule decides otherwise.

            --config reads any of these options from a file, without their dashes and one a line, \
            as "batch-size: 32"; what stands on the command line wins.

            Ctrl-C ends with a checkpoint; a killed training loses at most the epoch. A resumed \
            one ends in the same bytes as one that was never stopped.
            """)

    @Option(
        help: ArgumentHelp("Labels: a CSV with fname,labels[,is_valid], or a folder for each label.", valueName: "csv"))
    var labels: String?
    @Option(help: ArgumentHelp("The folder that holds the images.", valueName: "dir"))
    var images: String?
    @Option(help: ArgumentHelp("The run folder to write; an earlier run there needs --overwrite.", valueName: "run"))
    var out: String?
    @Option(
        help: ArgumentHelp(
            "Go on with this run; with --epochs, add a fit to it. --labels and --images only if they have moved.",
            valueName: "run"))
    var resume: String?
    @Option(help: ConfigFile.help)
    var config: String?
    @OptionGroup(title: "New trainings") var options: TrainOptions
    @OptionGroup(title: "Recipe of new trainings") var recipe: RecipeOptions
    @OptionGroup(title: "Augmentation of new trainings") var augment: AugmentOptions
    @OptionGroup var cacheOptions: CacheOptions
    @Option(
        help: ArgumentHelp(
            "Memory for decoded images, so that later epochs need not read them: auto (what they take, at most half of the free memory), 0, or a size as 2GB (default: auto). It changes no result; a file changed meanwhile is as it was first read.",
            valueName: "size"))
    var imageMemory: String?
    @OptionGroup var scheduleOptions: ScheduleOptions
    @Flag(help: "Replace an earlier run in --out's place, once the first epoch is done.")
    var overwrite = false
    @Flag(help: "Print the history as JSON.")
    var json = false
    @OptionGroup var labelOptions: LabelOptions
    @OptionGroup var threadOptions: ThreadOptions

    func validate() throws {
        try recipe.validate(with: options)
        if let imageMemory, ImageMemory(imageMemory) == nil {
            throw ValidationError("--image-memory: expected auto, 0 or a size as 500MB or 2GB, got '\(imageMemory)'.")
        }
        try augment.validate(with: options, cache: cache)
        if overwrite, resume != nil {
            throw ValidationError("--overwrite goes with --out: a resumed run goes on where it was.")
        }
        guard resume != nil else {
            for (name, value) in [("--labels", labels), ("--images", images), ("--out", out)] where value == nil {
                throw ValidationError("Missing expected argument '\(name)'.")
            }
            return
        }
        if let name = (options.given + recipe.given + augment.given + (out == nil ? [] : ["--out"])).first {
            throw ValidationError("\(name): a resumed run keeps what it was started with.")
        }
        let schedule = scheduleOptions
        if schedule.epochs == nil, schedule.lr != nil || schedule.freezeEpochs != nil || schedule.schedule != nil {
            throw ValidationError("--lr, --freeze-epochs and --schedule go with --epochs, to add a fit to the run.")
        }
    }

    func run() throws {
        let (learner, folder) = try resume.map(resumed) ?? started(labels ?? "", images ?? "", out ?? "")
        let path = resume ?? out ?? ""
        if let cache { try learner.useCache(cache) }
        StopSignal.watch()
        let isFinished: Bool
        do {
            try folder.start(learner)
            isFinished = try TrainingProgress.run(learner, quiet: json, save: folder.save)
        } catch {
            if (try? folder.abandon(learner)) == true {
                Terminal.note("the run is as it was before epochs were added")
            }
            throw error
        }
        guard isFinished else {
            Terminal.note(
                "stopped after \(learner.position.epochs) epochs and \(learner.position.batch) steps; go on with: assay train --resume \(path)"
                    .singleLine)
            throw ExitCode(128 + (StopSignal.number ?? SIGINT))
        }
        if let remark = learner.cacheRemark { Terminal.note(remark.singleLine) }
        let (_, record) = try folder.finish(learner, files: TrainingProgress.pictures(learner))
        if json { return try Terminal.print(JSON.text(learner.history)) }
        try Terminal.print(Summary.validation(record))
        if learner.trainedSeconds > 0 {
            Terminal.note(
                "waited for images \(Int(100 * learner.waitedSeconds / learner.trainedSeconds)) % of the time")
        }
        try Terminal.print("run folder: \(path)".singleLine)
    }

    private var cache: String? { cacheOptions.cache }
    private var memory: ImageMemory { imageMemory.flatMap(ImageMemory.init) ?? .automatic }

    private func started(_ labels: String, _ images: String, _ out: String) throws -> (Learner, RunFolder) {
        let folder = try RunFolder(
            new: out, data: RunData(labels: labels, images: images, format: labelOptions.format),
            inputs: [options.pretrained, config], overwrites: overwrite)
        let training = NewTraining(
            labels: labels, images: images, options: options, recipe: recipe,
            fits: fits(isPretrained: options.pretrained != nil), labelOptions: labelOptions,
            threads: threadOptions.count, augment: augment, presizes: cache != nil, imageMemory: memory)
        return (try training.learner(), folder)
    }

    private func resumed(_ run: String) throws -> (Learner, RunFolder) {
        let training = ResumedTraining(
            run: run, labels: labels, images: images, threads: threadOptions.count, imageMemory: memory)
        let addsFits = scheduleOptions.epochs != nil
        let (learner, source) = try training.learner(adding: addsFits ? { fits(isPretrained: $0) } : nil)
        return (learner, RunFolder(resuming: run, data: source, addsFits: addsFits))
    }

    /// The fits that are asked for, after saying what of that has no effect.
    private func fits(isPretrained: Bool) -> [Fit] {
        let fits = scheduleOptions.fits(isPretrained: isPretrained)
        if let remark = scheduleOptions.remark(on: fits) { Terminal.note(remark) }
        return fits
    }

    static func describe(_ data: Dataset) {
        Terminal.note(
            "\(data.names.count) images, \(data.split.training.count) to train and \(data.split.validation.count) to validate, "
                + "\(data.vocab.count) labels: \(data.vocab.joined(separator: ", "))".singleLine)
    }
}
