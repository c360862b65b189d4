import ArgumentParser
import Evaluation
import Foundation
import Raster
import Training

struct DataShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Draws augmented training images with their labels, as fastai's show_batch.",
        discussion: """
            Examples:
              assay data show --labels labels.csv --images photos --out sheet.png
              assay data show --labels labels.csv --images photos --out sheet.png \\
                --transforms fastai --item-size 320 --size 224
              assay data show --config recipe.yaml --out sheet.png

            Takes the options of train that decide what an image looks like: the sheet is what the \
            first batch of that training sees.
            """)

    @Option(
        help: ArgumentHelp("Labels: a CSV with fname,labels[,is_valid], or a folder for each label.", valueName: "csv"))
    var labels: String
    @Option(help: ArgumentHelp("The folder that holds the images.", valueName: "dir"))
    var images: String
    @Option(help: ArgumentHelp("The PNG file to write.", valueName: "png"))
    var out: String
    @Option(help: ArgumentHelp("Images on the sheet.", valueName: "n"))
    var count = 20
    @Option(help: ConfigFile.help)
    var config: String?
    @OptionGroup(title: "The training") var options: TrainOptions
    @OptionGroup(title: "Its augmentation") var augment: AugmentOptions
    @OptionGroup var cacheOptions: CacheOptions
    @OptionGroup var labelOptions: LabelOptions
    @OptionGroup var threadOptions: ThreadOptions

    func validate() throws {
        try augment.validate(with: options, cache: cacheOptions.cache)
        guard out.lowercased().hasSuffix(".png") else {
            throw ValidationError("--out: expected a name that ends in .png, got '\(out)'.")
        }
        guard (1...TrainingSheet.largest).contains(count) else {
            throw ValidationError("--count: expected 1 to \(TrainingSheet.largest), got \(count).")
        }
    }

    func run() throws {
        try PicturePlace.check(out, inputs: [labels, images, options.pretrained, config])
        let table = try labelOptions.table(labels)
        var config = try options.config(table, fits: [], Recipe())
        try augment.apply(to: &config, keepsScale: options.minScale != nil)
        if cacheOptions.cache != nil { config.presize() }
        let data = try Dataset(table, folder: images, split: config.makeSplit(table))
        for line in try DatasetReport(data).lines { try Terminal.print(line.singleLine) }
        let sheet = try TrainingSheet(config, data, count: count, threads: threadOptions.count)
        try FileBytes.write(sheet.image().pngBytes(), to: out)
        try Terminal.print("sheet: \(out)".singleLine)
    }
}
