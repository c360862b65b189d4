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

        func read(least: Int) throws -> Image {
            try Image.decode(Image.readBytes(path: file), named: file, least: least).image
        }
        func presized() throws -> Image { try read(least: itemSize * 3 / 2).presized(itemSize) }
        try cache.write(.init(image: presized(), digest: String(repeating: "0", count: 64)), "photo", edge: itemSize)
        let least = RandomResizedCrop(size: 224, minScale: 0.35).leastEdge
        var rows: [(name: String, time: () throws -> Double)] = [
            ("Assay: first read, crop", { try Self.time { Self.crop(try read(least: least)) } }),
            ("Assay: first read, presize to \(itemSize), crop", { try Self.time { Self.crop(try presized()) } }),
            (
                "Assay: presized in --cache, crop",
                {
                    try Self.time {
                        guard let entry = cache.read("photo", edge: itemSize) else {
                            throw BenchmarkError("the cache is broken")
                        }
                        return Self.crop(entry.image)
                    }
                }
            ),
        ]
        if let python {
            let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("images.py")
            let peer = try LineProcess("images.py", python, [script.path], environment: [:])
            func task(_ task: String) -> () throws -> Double {
                {
                    let reply = try peer.ask("\(task) \(file)")
                    guard let milliseconds = Double(reply) else { throw BenchmarkError("images.py: got '\(reply)'") }
                    return milliseconds
                }
            }
            rows =
                [
                    ("\(peer.greeting): full decode", task("decode")), ("Pillow: full decode, crop", task("crop")),
                    ("Pillow: decode halved (draft), crop", task("draft")),
                ] + rows
        }
        // They take turns, so that a slower moment of the machine is everybody's.
        var times = rows.map { _ in [Double]() }
        for _ in 0..<repeats { for (index, row) in rows.enumerated() { times[index].append(try row.time()) } }
        let medians = times.map { $0.sorted()[repeats / 2] }
        print("\(Machine.name). Median of \(repeats), one thread; the first is 1.")
        print(
            "| a 1280 x 960 JPEG of \(try FileBytes.read(file).count / 1000) kB to 224 px | ms | times |\n|---|---|---|"
        )
        for (row, median) in zip(rows, medians) {
            print("| \(row.name) | \(String(format: "%.2f | %.2f", median, median / medians[0])) |")
        }
    }

    /// The middle 60 % of each edge at 224 px, as images.py's.
    private static func crop(_ image: Image) -> Image {
        let box = Box(
            x: Double(image.width / 5), y: Double(image.height / 5), width: Double(image.width * 3 / 5),
            height: Double(image.height * 3 / 5))
        return image.resized(from: box, width: 224, height: 224)
    }

    private static func time(_ body: () throws -> Image) throws -> Double {
        let clock = ContinuousClock()
        let began = clock.now
        _ = try body()
        return (clock.now - began) / .milliseconds(1)
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
}
