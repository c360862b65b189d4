import ArgumentParser
import Evaluation
import Foundation
import Raster
import Training

/// What one training image costs: 1280 x 960 JPEG to a random crop of 224, on one thread.
struct ImageLoading: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "images",
        abstract: "Measures what a 1280 x 960 JPEG costs until it is a 224 px crop, beside Pillow's full decode.",
        discussion: "Example:\n  engine-benchmark images --python venv/bin/python")

    @Option(help: ArgumentHelp("The Python that has Pillow; without it ours alone.", valueName: "path"))
    var python: String?
    @Option(help: ArgumentHelp("Shorter edge of the presized images.", valueName: "n"))
    var itemSize = 320
    @Option(help: ArgumentHelp("Repeats to take the median of.", valueName: "n"))
    var repeats = 101

    func validate() throws {
        guard repeats > 0, (8...960).contains(itemSize) else {
            throw ValidationError("--repeats: expected 1 or more; --item-size: expected 8 to 960.")
        }
    }

    func run() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("images-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let cache = try ItemCache(folder: folder)
        let file = folder + "/photo.jpg"
        try FileBytes.write(Self.photo().jpegBytes(quality: 90), to: file)
        let crop = RandomResizedCrop(size: 224, minScale: 0.35)
        var random = SeededGenerator(seed: 1)

        func presized() throws -> Image {
            let bytes = try Image.readBytes(path: file)
            return try Image.decode(bytes, named: file, least: 2 * itemSize).image.presized(itemSize)
        }
        try cache.write(.init(image: presized(), digest: String(repeating: "0", count: 64)), "photo", edge: itemSize)
        let whole = try median { _ = crop.apply(try Image.read(path: file), &random) }
        let first = try median { _ = crop.apply(try presized(), &random) }
        let kept = try median {
            guard let entry = cache.read("photo", edge: itemSize) else { throw BenchmarkError("the cache is broken") }
            _ = crop.apply(entry.image, &random)
        }
        let pillow = try python.map { try Self.pillow($0, file, repeats) } ?? []
        print("| milliseconds an image, median of \(repeats), one thread | |\n|---|---|")
        let rows =
            zip(["Pillow: full decode", "Pillow: decode, crop, resize"], pillow).map { ($0, $1) } + [
                ("Assay: whole image, crop", whole), ("Assay: presize to \(itemSize), crop", first),
                ("Assay: presized in --cache, crop", kept),
            ]
        for (name, value) in rows { print("| \(name) | \(String(format: "%.2f", value)) |") }
    }

    private func median(_ body: () throws -> Void) throws -> Double {
        let clock = ContinuousClock()
        let times = try (0..<repeats).map { _ in try clock.measure(body) / .milliseconds(1) }
        return times.sorted()[repeats / 2]
    }

    /// Smooth shapes under grain, as a camera's: about 250 kB at quality 90.
    private static func photo() -> Image {
        var random = SeededGenerator(seed: 3)
        var pixels: [UInt8] = []
        pixels.reserveCapacity(1280 * 960 * 3)
        for y in 0..<960 {
            for x in 0..<1280 {
                let grain = random.uniform(-12, 12)
                let (a, b) = (sin(Double(x) / 37) * cos(Double(y) / 53), sin(Double(x * y) / 9000))
                for value in [120 + 60 * a + 30 * b, 128 + 50 * b, 110 - 70 * a] {
                    pixels.append(UInt8(max(0, min(255, value + grain))))
                }
            }
        }
        return Image(width: 1280, height: 960, pixels: pixels)
    }

    private static func pillow(_ python: String, _ file: String, _ repeats: Int) throws -> [Double] {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("images.py")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = [script.path, file, "\(repeats)"]
        let out = Pipe()
        process.standardOutput = out
        try process.run()
        let text = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let times = text.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
        guard process.terminationStatus == 0, times.count == 2 else { throw BenchmarkError("images.py failed") }
        return times
    }
}
