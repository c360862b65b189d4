import Evaluation
import Foundation
import Raster
import Testing
import Training

@Suite struct KeptImagesTests {
    /// Pictures of several sizes and both formats in place of the small ones, and a training that may reduce them.
    private func training(_ augmentation: Augmentation? = nil, epochs: Int = 2) throws -> SmallTraining {
        let training = try SmallTraining(epochs: epochs, freezeEpochs: 0)
        for (index, row) in training.table.rows.enumerated() {
            let (width, height) = [(321, 243), (90, 300), (64, 48), (161, 640)][index % 4]
            let pixels = (0..<width * height * 3).map { UInt8(truncatingIfNeeded: ($0 / 7 + $0 / 960 * index) % 251) }
            let image = Image(width: width, height: height, pixels: pixels)
            let bytes = try index % 5 == 0 ? image.pngBytes() : image.jpegBytes(quality: 80)
            try FileBytes.write(bytes, to: "\(training.folder)/\(row.name)")
        }
        training.config.minScale = 0.5
        training.config.augmentation = augmentation
        return training
    }

    private func learner(_ training: SmallTraining, _ memory: ImageMemory, threads: Int = 2) throws -> Learner {
        try Learner(training.config, training.data(), threads: threads, imageMemory: memory)
    }

    /// The header alone tells what the decoded picture takes.
    @Test func sizesAreThoseOfTheDecodedPictures() throws {
        let training = try training()
        for path in try training.data().paths {
            let header = try Image.inspect(path: path)
            for form in [ImageForm.reduced(least: 40), .reduced(least: 1), .presized(edge: 30), .presized(edge: 500)] {
                let image = try Image.decode(Image.readBytes(path: path), named: path, least: form.least).image
                let made = if case .presized(let edge) = form { image.presized(edge) } else { image }
                #expect(form.bytes(header) == made.pixels.count, "\(header) as \(form)")
            }
        }
    }

    @Test func theFirstThatFitAreKeptAndThoseThatValidateBefore() throws {
        let training = try training()
        let data = try training.data()
        let all = KeptImages(training.config, data, budget: .max)
        #expect(all.count == all.total && all.total == 24 && all.bytes == all.totalBytes)
        #expect(all.bytes == KeptImages.bytes(training.config, data))
        let judged = data.split.validation.count * 32 * 32 * 3
        let none = KeptImages(training.config, data, budget: 0)
        #expect(none.count == 0 && none.bytes == 0 && none.totalBytes == all.bytes)
        let validation = KeptImages(training.config, data, budget: judged)
        #expect(validation.count == data.split.validation.count && validation.bytes == judged)
        var counts: [Int] = []
        for budget in stride(from: 0, through: all.bytes, by: all.bytes / 40) {
            let some = KeptImages(training.config, data, budget: budget)
            #expect(some.bytes <= budget && some == KeptImages(training.config, data, budget: budget))
            counts.append(some.count)
        }
        #expect(Set(counts).count > 5 && counts.last ?? 0 >= 23)
        #expect(none.line.hasPrefix("no images are kept") && all.line.hasPrefix("all images"))
        #expect(validation.line.hasPrefix("6 of 24 images are kept"), "\(validation.line)")
    }

    /// With all, some or no pictures kept, presized or not, on any number of threads: the same bytes.
    @Test(arguments: [nil, Augmentation(.crop, itemSize: 40), Augmentation(.fastai, itemSize: 48)])
    func whatIsKeptChangesNoResult(_ augmentation: Augmentation?) throws {
        let training = try training(augmentation)
        let all = KeptImages.bytes(training.config, try training.data())
        func outcome(_ memory: ImageMemory, _ threads: Int, cached: Bool = false) throws -> ([UInt8], [String]) {
            let learner = try learner(training, memory, threads: threads)
            if cached { try learner.useCache(training.folder + "/cache") }
            try learner.fit()
            return (try learner.checkpoint().bytes(), try learner.trainedOn())
        }
        let expected = try outcome(.bytes(0), 1)
        for (memory, threads) in [
            (ImageMemory.bytes(all / 2), 1), (.bytes(all / 2), 5), (.automatic, 2), (.bytes(0), 2),
        ] {
            let found = try outcome(memory, threads)
            #expect(found.0 == expected.0 && found.1 == expected.1, "\(memory), \(threads) threads")
        }
        guard augmentation != nil else { return }
        for memory in [ImageMemory.bytes(all / 2), .automatic] {
            let found = try outcome(memory, 2, cached: true)
            #expect(found.0 == expected.0 && found.1 == expected.1, "\(memory), cached")
        }
    }

    /// What a stopped training had kept does not matter to the one that goes on.
    @Test func aResumedTrainingMayKeepOthers() throws {
        let training = try training()
        let whole = try learner(training, .automatic)
        try whole.fit()
        let expected = try whole.checkpoint().bytes()
        let some = KeptImages.bytes(training.config, try training.data()) / 2
        for (first, second) in [(ImageMemory.bytes(0), ImageMemory.automatic), (.automatic, .bytes(some))] {
            let stopped = try learner(training, first)
            var steps = 0
            let isDone = try stopped.fit({ if case .batch = $0 { steps += 1 } }, isStopped: { steps == 4 })
            #expect(!isDone && steps == 4)
            let resumed = try Learner(
                resuming: Checkpoint(stopped.checkpoint().bytes(), named: "c"), training.data(),
                history: stopped.history, threads: 1, imageMemory: second)
            try resumed.fit()
            #expect(try resumed.checkpoint().bytes() == expected)
        }
    }

    /// After the first epoch no file of a kept picture is read again; one that is not kept is read as it now is.
    @Test func keptPicturesAreReadOnce() throws {
        let training = try training(epochs: 3)
        training.config.batchSize = 2  // of 18, so that an epoch leaves none out
        func fit(_ memory: ImageMemory, damaging: Bool) throws -> [UInt8] {
            let learner = try learner(training, memory)
            try learner.fit { event in
                guard damaging, case .epoch(let entry) = event, entry.epoch == 0 else { return }
                for row in training.table.rows { try FileBytes.write("no image", to: "\(training.folder)/\(row.name)") }
            }
            return try learner.checkpoint().bytes()
        }
        let untouched = try fit(.automatic, damaging: false)
        let files = try training.table.rows.map { try FileBytes.read("\(training.folder)/\($0.name)") }
        #expect(try fit(.automatic, damaging: true) == untouched)
        for (row, bytes) in zip(training.table.rows, files) {
            try FileBytes.write(bytes, to: "\(training.folder)/\(row.name)")
        }
        #expect(throws: ImageError.self) { try fit(.bytes(0), damaging: true) }
    }
}
