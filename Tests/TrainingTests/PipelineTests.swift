import Evaluation
import Foundation
import Raster
import Testing
import Training

/// A folder of small pictures: label `dark` or `light` by brightness, `red` by colour.
enum Pictures {
    static func make(_ count: Int = 24) throws -> (folder: String, table: LabelTable) {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pictures-\(UUID())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var random = SeededGenerator(seed: 1)
        var rows: [LabelTable.Row] = []
        for index in 0..<count {
            let (isLight, isRed) = (index % 2 == 0, index % 3 == 0)
            let pixels = (0..<40 * 36).flatMap { _ -> [UInt8] in
                let value = (isLight ? 170.0 : 40) + random.uniform(0, 40)
                return [UInt8(min(255, value + (isRed ? 60 : 0))), UInt8(value), UInt8(value)]
            }
            let name = "picture \(index).png"
            try FileBytes.write(Image(width: 40, height: 36, pixels: pixels).pngBytes(), to: folder + "/" + name)
            rows.append(.init(name: name, labels: [isLight ? "light" : "dark"] + (isRed ? ["red"] : [])))
        }
        return (folder, LabelTable(rows: rows))
    }
}

@Suite struct LoaderTests {
    private func epoch(threads: Int) throws -> [[Float]] {
        let loader = Loader(batches: Loader.chunks(Array(0..<23), 4), imageCount: 3, threads: threads) { item, target in
            if item % 5 == 0 { usleep(500) }
            for i in 0..<3 { target[i] = Float(item * 10 + i) }
        }
        var batches: [[Float]] = []
        while let batch = try loader.next() { batches.append(batch.inputs) }
        return batches
    }

    @Test(arguments: [1, 2, 5])
    func orderDoesNotDependOnThreads(_ threads: Int) throws {
        let batches = try epoch(threads: threads)
        #expect(batches.count == 6 && batches[5].count == 9 && batches.flatMap { $0 }[3] == 10)
        #expect(try batches == epoch(threads: 1))
    }

    @Test func errorsReachTheConsumer() throws {
        let loader = Loader(batches: [[0], [1], [2]], imageCount: 1, threads: 2) { item, _ in
            if item == 1 { throw InputError("broken") }
        }
        #expect(try loader.next()?.items == [0])
        #expect(throws: InputError.self) { try loader.next() }
    }

    @Test func trainingBatchesAreShuffledWholeBatches() {
        let items = Array(100..<110)
        let first = Loader.trainingBatches(items, batchSize: 4, seed: 1, epoch: 0)
        #expect(
            first.count == 2 && Set(first.flatMap { $0 }).count == 8 && Set(first.flatMap { $0 }).isSubset(of: items))
        #expect(first == Loader.trainingBatches(items, batchSize: 4, seed: 1, epoch: 0))
        #expect(first != Loader.trainingBatches(items, batchSize: 4, seed: 1, epoch: 1))
    }
}

@Suite struct RandomResizedCropTests {
    @Test func areasRatiosAndFlipsAreFastais() {
        let crop = RandomResizedCrop(size: 8, minScale: 0.35)
        var random = SeededGenerator(seed: 3)
        var (ratios, areas): ([Double], [Double]) = ([], [])
        for _ in 0..<4000 {
            let box = crop.box(width: 400, height: 400, &random)
            #expect(box.x >= 0 && box.x + box.width <= 400 && box.y >= 0 && box.y + box.height <= 400)
            ratios.append(log(box.width / box.height))
            areas.append(box.width * box.height / 160_000)
        }
        #expect((areas.min() ?? 0) > 0.345 && (areas.max() ?? 2) <= 1)
        #expect((ratios.min() ?? -1) > log(0.745) && (ratios.max() ?? 1) < log(1.345))
        #expect(abs(ratios.reduce(0, +) / 4000) < 0.02)
        // Below 3/4 no ratio is rejected for want of room: there the area is uniform.
        let small = areas.filter { $0 < 0.7 }
        #expect(abs(small.reduce(0, +) / Double(small.count) - 0.525) < 0.01)
        // Too wide for any ratio: the largest centre of ratio 4/3.
        let wide = crop.box(width: 1000, height: 10, &random)
        #expect(wide == Box(x: 493, y: 0, width: 13, height: 10))
        // However small a part may be, an edge is a number.
        #expect(RandomResizedCrop(size: 4096, minScale: .leastNonzeroMagnitude).leastEdge == 1 << 30)
        #expect(RandomResizedCrop(size: 128, minScale: 1).leastEdge == 148)
    }
}

@Suite struct PreprocessingTests {
    @Test func validationSquishesAndKeepsTheCentre() throws {
        let preprocessing = try Preprocessing.validation(size: 128)
        #expect(preprocessing.resizeTo == 152)
        let image = Image(width: 30, height: 20, pixels: (0..<1800).map { UInt8($0 % 251) })
        #expect(
            preprocessing.apply(image)
                == image.resized(width: 152, height: 152).cropped(x: 12, y: 12, width: 128, height: 128))
        for resize in Preprocessing.Resize.allCases {
            let out = try Preprocessing(size: 16, resize: resize).apply(image)
            #expect(out.width == 16 && out.height == 16)
        }
    }

    /// fastai's centre: whole pixels, and the smaller margin on the left or above, whatever the sides.
    @Test(arguments: [64, 128, 224]) func aCropIsTheCentre(_ size: Int) throws {
        let preprocessing = try Preprocessing(size: size, resize: .crop)
        for (width, height) in [(641, 479), (479, 641), (640, 479), (1023, 767), (259, 194), (size + 5, size)] {
            let image = Image(
                width: width, height: height, pixels: (0..<width * height * 3).map { UInt8($0 * 7 % 251) })
            let edge = min(width, height)
            let centre = image.cropped(
                x: (width - edge) / 2, y: (height - edge) / 2, width: edge, height: edge)
            #expect(preprocessing.apply(image) == centre.resized(width: size, height: size))
        }
    }

    /// fastai's: mirrored outwards to a square, which is resized; within a grey level where the passes change places.
    @Test func aPaddedImageIsMirroredBeforeItIsResized() throws {
        for (width, height) in [(90, 60), (61, 96), (50, 50), (200, 7), (9, 40), (1, 30)] {
            let image = Image(
                width: width, height: height,
                pixels: (0..<width * height * 3).map { UInt8(128 + 100 * sin(Double($0) / 17)) })
            let side = max(width, height)
            func mirrored(_ position: Int, _ length: Int) -> Int {
                var at = position - (side - length) / 2
                while length > 1, !(0..<length).contains(at) { at = at < 0 ? -at : 2 * (length - 1) - at }
                return length > 1 ? at : 0
            }
            var pixels: [UInt8] = []
            for y in 0..<side {
                for x in 0..<side {
                    let at = (mirrored(y, height) * width + mirrored(x, width)) * 3
                    pixels += image.pixels[at..<at + 3]
                }
            }
            let expected = Image(width: side, height: side, pixels: pixels).resized(width: 32, height: 32)
            let padded = try Preprocessing(size: 32, resize: .pad).apply(image)
            let worst = zip(padded.pixels, expected.pixels).map { abs(Int($0) - Int($1)) }.max() ?? 255
            #expect(worst <= (width > height ? 0 : 1), "\(width) x \(height)")
        }
    }

    @Test func anImageOfTheRightSizeGoesInUntouched() throws {
        let image = Image(width: 16, height: 16, pixels: (0..<768).map { UInt8($0 % 256) })
        for resize in Preprocessing.Resize.allCases {
            #expect(try Preprocessing(size: 16, resize: resize).apply(image) == image)
        }
    }

    @Test func badSettingsAreRefused() {
        #expect(throws: InputError.self) { try Preprocessing(size: 4) }
        #expect(throws: InputError.self) { try Preprocessing(size: 64, std: [0, 1, 1]) }
        #expect(throws: InputError.self) { try Preprocessing(size: 64, mean: [.nan, 1, 1]) }
    }
}

@Suite struct LearnerTests {
    private func learner(_ folder: String, _ table: LabelTable, threads: Int, epochs: Int = 2) throws -> Learner {
        let data = try Dataset(
            table, folder: folder, split: .random(count: table.rows.count, validationShare: 0.25, seed: 1))
        let config = RunConfig(
            arch: "resnet10s", head: .fastai, vocab: data.vocab, preprocessing: try .validation(size: 32),
            thresholds: [0.5, 0.5, 0.5], fits: Fit.fineTune(epochs: epochs, freezeEpochs: 1, rate: 3e-3), batchSize: 6)
        return try Learner(config, data, threads: threads)
    }

    @Test func checkpointsAreTheSameBytesAtAnyThreadCount() throws {
        let (folder, table) = try Pictures.make()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let checkpoints = try [1, 2, 5].map { threads in
            let learner = try learner(folder, table, threads: threads)
            try learner.fit()
            #expect(learner.history.count == 3)
            return try learner.checkpoint().bytes()
        }
        #expect(checkpoints[0] == checkpoints[1] && checkpoints[0] == checkpoints[2])
    }

    @Test func aFrozenFitMovesOnlyTheHeadAndTheNorms() throws {
        let (folder, table) = try Pictures.make()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let learner = try learner(folder, table, threads: 2, epochs: 0)
        let before = learner.parameters.stateDictionary()
        try learner.fit()
        for (name, tensor) in learner.parameters.stateDictionary() {
            let isNorm = before[name]?.shape.count == 1
            #expect((tensor == before[name]) == !(name.hasPrefix("head.") || isNorm), "\(name)")
        }
    }

    @Test func aRunReadsBackAndAnswersTheSame() throws {
        let (folder, table) = try Pictures.make()
        let run = folder + "-run"
        defer { for path in [folder, run] { try? FileManager.default.removeItem(atPath: path) } }
        let learner = try learner(folder, table, threads: 2)
        try learner.fit()
        let data = RunData(labels: folder, images: folder, format: .init())
        let (model, record) = try RunFolder(new: run, data: data).finish(learner)
        let read = try Model(folder: run)
        #expect(read.identity == model.identity && read.config == learner.config)
        #expect(read.trainedOn.digests?.count == 18)
        let names = record.images.map(\.name)
        let (scores, digests) = try read.score(
            paths: names.map { folder + "/" + $0 }, names: names, threads: 1, batchSize: 5)
        for (a, b) in zip(scores.values, record.images.flatMap(\.scores)) { #expect(abs(a - b) < 1e-5) }
        #expect(read.trainedOn.digests?.isDisjoint(with: digests) == true)
        #expect(
            try CSV(FileBytes.read(run + "/history.csv"), named: "h").header == [
                "epoch", "train_loss", "valid_loss", "accuracy_multi", "time",
            ])
        try FileBytes.write("{}", to: run + "/config.json")
        #expect(throws: InputError.self) { try Model(folder: run) }
    }

    @Test func missingImagesAreCounted() throws {
        let (folder, table) = try Pictures.make(4)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.removeItem(atPath: folder + "/picture 2.png")
        let error = #expect(throws: InputError.self) { try Dataset.locate(table.rows.map(\.name), in: folder) }
        #expect(error?.description.contains("1 of 4") == true && error?.description.contains("picture 2.png") == true)
    }
}
