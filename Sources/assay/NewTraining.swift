import ArgumentParser
import Evaluation
import Foundation
import Training

/// A training as the command line describes it.
struct NewTraining {
    var labels: String
    var images: String
    var options: TrainOptions
    var recipe: RecipeOptions
    var fits: [Fit]
    var labelOptions: LabelOptions
    var threads: Int
    /// nil augments as no option says.
    var augment: AugmentOptions?
    /// Whether images must be presized, for a cache to keep.
    var presizes = false
    var imageMemory = ImageMemory.automatic

    /// Reads the labels and the weights to start from, and says what it found.
    func learner() throws -> Learner {
        let table = try labelOptions.table(labels)
        var config = try options.config(table, fits: fits, recipe.recipe())
        try augment?.apply(to: &config, keepsScale: options.minScale != nil)
        if presizes { config.presize() }
        let data = try Dataset(table, folder: images, split: config.makeSplit(table))
        if config.freezesNorms, !fits.isEmpty, !fits.contains(where: \.isFrozen) {
            Terminal.note("--freeze-bn has no effect: no fit freezes the body")
        }
        config.recipe.loss.positiveWeights = try recipe.positiveWeights(data)
        if let weights = config.recipe.loss.positiveWeights {
            let list = zip(data.vocab, weights).map { "\($0) \(String(format: "%.3g", $1))" }
            Terminal.note("weights of positives: \(list.joined(separator: ", "))".singleLine)
        }
        if options.batchSize == "auto" {
            let memory = TrainingMemory(
                try config.graph(), size: config.preprocessing.size, threads: threads, config.recipe)
            let wanted = KeptImages.bytes(config, data)
            let free = FreeMemory.bytes()
            config.batchSize = try memory.largestBatch(
                limit: data.split.training.count, imageMemory, wanted: wanted, free: free)
            Terminal.note(
                "batch size \(config.batchSize): \(FreeMemory.mebibytes(try memory.bytes(batchSize: config.batchSize))) MiB of "
                    + "\(free.map { "\(FreeMemory.mebibytes($0)) MiB free" } ?? "an unknown free memory")")
        }
        let weights = try options.pretrained.map { try PretrainedBody.read($0, arch: config.arch) }
        let normalisation = try Normalisation(options.normalisation, weights: options.pretrained)
        normalisation.apply(to: &config.preprocessing)
        if weights != nil { Terminal.note("images are \(normalisation.text)".singleLine) }
        Train.describe(data)
        for line in try DatasetReport(data).lines { Terminal.note(line.singleLine) }
        let learner = try Learner(config, data, threads: threads, pretrained: weights, imageMemory: imageMemory)
        Terminal.note(learner.kept.line)
        return learner
    }
}

/// A run's training that goes on.
struct ResumedTraining {
    var run: String
    /// Where the data are now, if they have moved.
    var labels: String?
    var images: String?
    var threads: Int
    var imageMemory = ImageMemory.automatic

    /// - Parameter adding: the fits to add, by whether the body was pretrained; nil to add none.
    func learner(adding fits: ((_ isPretrained: Bool) -> [Fit])? = nil) throws -> (Learner, RunData) {
        var (checkpoint, history) = try RunFolder.checkpoint(run)
        let source = try RunData.read(run).moved(labels: labels, images: images)
        if let fits {
            guard checkpoint.isFinished else {
                throw InputError(
                    "the run is not finished", at: run, expected: "--resume without --epochs first",
                    got: "\(checkpoint.position.epochs) of its epochs done")
            }
            checkpoint.config.fits += fits(checkpoint.config.pretrained != nil)
        }
        let table = try source.table()
        let data = try Dataset(
            table, folder: source.images, split: checkpoint.config.makeSplit(table), vocab: checkpoint.config.vocab)
        Train.describe(data)
        Terminal.note(
            checkpoint.isFinished
                ? "all \(history.count) epochs are done"
                : "goes on after \(history.count) epochs and "
                    + "\(checkpoint.position.batch) steps")
        if checkpoint.hasOtherFiles(than: data) {
            Terminal.note(
                "warning: image files have changed since the checkpoint: the training goes on with what they are now")
        }
        let learner = try Learner(
            resuming: checkpoint, data, history: history, threads: threads, imageMemory: imageMemory)
        if !checkpoint.isFinished { Terminal.note(learner.kept.line) }
        return (learner, source)
    }
}
