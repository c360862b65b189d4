import Evaluation
import Foundation
import Raster
import Testing
import Training

@Suite struct ItemCacheTests {
    /// Published with the algorithm, and of Python's xxhash.
    @Test func theChecksumIsXXH64() {
        func sum(_ text: String) -> UInt64 { Array(text.utf8).withUnsafeBytes { XXH64.of($0) } }
        #expect(sum("") == 0xEF46_DB37_51D8_E999 && sum("abc") == 0x44BC_2CF5_AD77_0999)
        #expect(sum("Nobody inspects the spammish repetition") == 0xFBCE_A83C_8A37_8BF1)
    }

    private func training(_ itemSize: Int?) throws -> SmallTraining {
        let training = try SmallTraining()
        training.config.augmentation = Augmentation(.fastai, itemSize: itemSize)
        training.config.augmentation?.erase = 0.5
        training.config.minScale = 0.75
        return training
    }

    private func files(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map { folder + "/" + $0 }
    }

    @Test func trainingEndsInTheSameBytesWithACacheAndWithout() throws {
        let training = try training(34)
        let cache = training.folder + "/cache"
        func checkpoint(_ threads: Int, cached: Bool) throws -> ([UInt8], [String]) {
            let learner = try training.learner(threads: threads)
            if cached { try learner.useCache(cache) }
            try learner.fit()
            return (try learner.checkpoint().bytes(), try learner.trainedOn())
        }
        let plain = try checkpoint(1, cached: false)
        let cold = try checkpoint(2, cached: true)
        #expect(try files(cache).count == training.data().split.training.count)
        // One flipped bit, one that ends early, one that is empty, and one of another picture's size.
        let entries = try files(cache)
        var bytes = try FileBytes.read(entries[0])
        bytes[bytes.count - 5] ^= 1
        try FileBytes.write(bytes, to: entries[0])
        try FileBytes.write(Array(try FileBytes.read(entries[1]).dropLast(7)), to: entries[1])
        try FileBytes.write([], to: entries[2])
        bytes = try FileBytes.read(entries[3])
        bytes[8] &+= 1
        try FileBytes.write(bytes, to: entries[3])
        let broken = try entries.prefix(4).map { try FileBytes.read($0) }
        let warm = try checkpoint(3, cached: true)
        #expect(plain.0 == cold.0 && plain.0 == warm.0)
        #expect(plain.1 == cold.1 && plain.1 == warm.1)
        for (path, bytes) in zip(entries, broken) { #expect(try FileBytes.read(path) != bytes, "rebuilt") }
        #expect(try files(cache) == entries, "nothing is left beside")
    }

    @Test func anotherFileOrSizeIsAnotherEntry() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cache-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let cache = try ItemCache(folder: folder)
        let entry = ItemCache.Entry(
            image: Image(width: 2, height: 1, pixels: [1, 2, 3, 4, 5, 6]),
            digest: String(repeating: "a", count: 64))
        try cache.write(entry, "content", edge: 1)
        #expect(cache.read("content", edge: 1) == entry)
        #expect(cache.read("content", edge: 2) == nil && cache.read("other", edge: 1) == nil)
    }

    /// As a bad copy of the folder has it.
    @Test func anEntryInAnothersPlaceCountsAsNone() throws {
        let scratch = try Scratch()
        let folder = scratch.path + "/cache"
        let cache = try ItemCache(folder: folder)
        let entry = ItemCache.Entry(
            image: Image(width: 1, height: 1, pixels: [1, 2, 3]), digest: String(repeating: "a", count: 64))
        for content in ["one", "two"] { try cache.write(entry, content, edge: 1) }
        let files = try files(folder)
        try FileBytes.write(FileBytes.read(files[0]), to: files[1])
        #expect([cache.read("one", edge: 1), cache.read("two", edge: 1)].filter { $0 == nil }.count == 1)
    }

    @Test func whatAKilledTrainingLeftIsTakenAway() throws {
        let scratch = try Scratch()
        let folder = scratch.path + "/cache"
        _ = try ItemCache(folder: folder)
        let (old, new, strange) = (".0a.pixels.12-3.part", ".0b.pixels.12-4.part", ".notes.12-3.part")
        for name in [old, new, strange] { try FileBytes.write("x", to: "\(folder)/\(name)") }
        for name in [old, strange] {
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSinceNow: -3600)], ofItemAtPath: "\(folder)/\(name)")
        }
        _ = try ItemCache(folder: folder)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == [new, strange].sorted())
    }

    /// The others are there for the next training.
    @Test func anEntryThatCannotBeWrittenCostsNoOther() throws {
        let training = try training(34)
        let cache = training.folder + "/cache"
        let learner = try training.learner()
        try learner.useCache(cache)
        try learner.fit()
        let entries = try files(cache)
        for entry in entries { try FileManager.default.removeItem(atPath: entry) }
        try FileManager.default.createDirectory(atPath: entries[0] + "/in the way", withIntermediateDirectories: true)
        let again = try training.learner()
        try again.useCache(cache)
        try again.fit()
        #expect(again.cacheRemark != nil)
        #expect(try files(cache) == entries)
    }

    /// A disk that is full, say: the training goes on, and says what the next one will miss.
    @Test func aCacheThatCannotBeWrittenStopsNothing() throws {
        let training = try training(34)
        let plain = try training.learner()
        try plain.fit()
        let learner = try training.learner()
        let cache = training.folder + "/cache"
        try learner.useCache(cache)
        try FileManager.default.removeItem(atPath: cache)
        try FileBytes.write("in its place", to: cache)
        #expect(learner.cacheRemark == nil)
        try learner.fit()
        #expect(learner.cacheRemark?.contains("--cache is incomplete: \(cache)") == true)
        #expect(try learner.checkpoint().bytes() == plain.checkpoint().bytes())
    }

    @Test func aTrainingOfWholeImagesHasNothingToKeep() throws {
        let learner = try SmallTraining().learner()
        #expect(throws: InputError.self) { try learner.useCache("/nowhere") }
    }

    /// Halved by the decoder or not: the presized pictures are alike, and what was decoded is said.
    @Test func halvedJPEGsArePresizedAlike() throws {
        let (width, height) = (320, 240)
        let pixels = (0..<width * height).flatMap { at -> [UInt8] in
            let (x, y) = (Double(at % width), Double(at / width))
            return [sin(x / 19), cos(y / 13), sin((x + y) / 31)].map { UInt8(128 + 100 * $0) }
        }
        let bytes = try Image(width: width, height: height, pixels: pixels).jpegBytes(quality: 95)
        let (whole, isWhole) = try Image.decode(bytes, named: "j", least: nil)
        for (least, edge) in [(241, 240), (121, 240), (120, 120), (60, 60), (1, 30)] {
            let (image, all) = try Image.decode(bytes, named: "j", least: least)
            #expect(image.height == edge && image.width == edge * 4 / 3 && all == (edge == 240))
        }
        #expect(isWhole)
        let halved = try Image.decode(bytes, named: "j", least: 120).image.presized(60)
        let difference = zip(halved.pixels, whole.presized(60).pixels).map { abs(Int($0) - Int($1)) }
        #expect((difference.max() ?? 255) <= 4 && halved.width == 80)
    }
}
