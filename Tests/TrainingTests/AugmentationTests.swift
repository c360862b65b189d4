import Evaluation
import Foundation
import Raster
import Testing
import Training

@Suite struct AugmentationTests {
    @Test func configurationsWithoutAugmentationStayAsTheyWere() throws {
        let training = try SmallTraining()
        let text = try training.config.text()
        #expect(!text.contains("augmentation"))
        #expect(try RunConfig.parse(Array(text.utf8), named: "c").augmentation == nil)
        training.config.augmentation = Augmentation(.fastai, itemSize: 48)
        training.config.augmentation?.hue = 0.1
        let read = try RunConfig.parse(Array(training.config.text().utf8), named: "c")
        #expect(read == training.config)
    }

    @Test func impossibleSettingsAreRefused() throws {
        let training = try SmallTraining()
        for change in [\Augmentation.zoom, \.warp, \.lighting, \.erase, \.rotate] {
            training.config.augmentation = Augmentation(.fastai, itemSize: 48)
            training.config.augmentation?[keyPath: change] = -2
            let text = try training.config.text()
            #expect(throws: InputError.self) { try RunConfig.parse(Array(text.utf8), named: "c") }
        }
        training.config.augmentation = Augmentation(.fastai)
        let text = try training.config.text()
        #expect(throws: InputError.self) { try RunConfig.parse(Array(text.utf8), named: "c") }
    }

    @Test(arguments: Augmentation.Kind.allCases)
    func aResumedTrainingGoesOnBitForBit(_ kind: Augmentation.Kind) throws {
        let training = try SmallTraining()
        training.config.augmentation = Augmentation(kind, itemSize: 40)
        training.config.augmentation?.lighting = 0.3
        training.config.augmentation?.saturation = 0.2
        training.config.augmentation?.erase = 0.5
        var saved: [([UInt8], [HistoryEntry])] = []
        let learner = try training.learner(threads: 1)
        try learner.fit(save: { saved.append((try $0.checkpoint().bytes(), $0.history)) })
        let resumed = try training.learner(resuming: saved[0].0, saved[0].1, threads: 3)
        try resumed.fit()
        #expect(try resumed.checkpoint().bytes() == learner.checkpoint().bytes())
    }

    @Test func testTimeAugmentationAveragesThreeQuartersAndAQuarter() throws {
        let training = try SmallTraining(epochs: 1, freezeEpochs: 0)
        training.config.augmentation = Augmentation(.fastai, itemSize: 40)
        let learner = try training.learner()
        let model = try Model(
            name: "m", config: learner.config, weightBytes: learner.weightBytes(), file: "w")
        let data = try training.data()
        let (paths, names) = (Array(data.paths.prefix(7)), Array(data.names.prefix(7)))
        func scores(_ augmented: Int, _ threads: Int = 2, _ batchSize: Int = 3) throws -> [Double] {
            try model.score(
                paths: paths, names: names, threads: threads, batchSize: batchSize, augmented: augmented
            ).scores.values
        }
        let (plain, once, twice) = (try scores(0), try scores(1), try scores(2))
        #expect(plain != once && once != twice)
        // What each round adds, read back: both must be probabilities.
        func share(_ value: Double, _ plain: Double) -> Double { (value - 0.25 * plain) / 0.75 }
        let first = zip(once, plain).map(share)
        let mean = zip(twice, plain).map(share)
        let second = zip(mean, first).map { 2 * $0 - $1 }
        #expect((first + second).allSatisfy { $0 > -1e-9 && $0 < 1 + 1e-9 })
        let again = try scores(2, 1, 5)
        #expect(zip(again, twice).allSatisfy { abs($0 - $1) < 1e-5 })
    }

    @Test func theReportCountsAndWarns() throws {
        let training = try SmallTraining()
        let copy = training.folder + "/copy.png"
        try FileManager.default.copyItem(atPath: training.folder + "/picture 1.png", toPath: copy)
        let rows = (0..<6).map { LabelTable.Row(name: "picture \($0).png", labels: ["a"], isValid: false) }
        let table = LabelTable(
            rows: rows + [
                .init(name: "copy.png", labels: ["a", "b"], isValid: true),
                .init(name: "picture 7.png", labels: [], isValid: true),
            ])
        let report = try DatasetReport(Dataset(table, folder: training.folder, split: .byColumn(table)))
        #expect(report.training == [6, 0] && report.validation == [1, 1] && report.together == [[7, 1], [1, 1]])
        #expect(
            report.warnings == [
                "only 6 images to train 'a'", "no training image carries 'b'", "1 image without labels",
                "1 image to validate also train, byte for byte: 'picture 1.png' is 'copy.png'",
            ])
        #expect(report.lines.contains("together: a + b 1"))
    }

    @Test func theSheetIsSeeded() throws {
        let training = try SmallTraining()
        training.config.augmentation = Augmentation(.fastai, itemSize: 40)
        func sheet(_ threads: Int) throws -> Image {
            try TrainingSheet(training.config, training.data(), count: 7, threads: threads).image()
        }
        let first = try sheet(1)
        #expect(try first == sheet(3) && first.width == 5 * 212 + 12 && first.height == 2 * 256 + 12)
        training.config.seed = 7
        #expect(try first != sheet(1))
    }
}
