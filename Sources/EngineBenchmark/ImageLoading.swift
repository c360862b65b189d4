import ArgumentParser
import Evaluation
import Foundation
import Raster
import Training

/// What one image costs until the network can have it: 1280 x 960 JPEGs to 224 px, on one thread.
struct ImageLoading: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "images",
        abstract: "Measures what 1280 x 960 JPEGs cost until they are 224 px, beside Pillow.",
        discussion: """
            Four kinds of photo; random crops as RandomResizedCrop draws them, the same for all, and validation's squish. \
            Figures are medians in ms. An epoch's cost is that of a training whose images stay in memory: the first read \
            and the crops, spread over its epochs; and that with the list of training images, for which each is decoded \
            once in whole.

            Example:
              engine-benchmark images --python venv/bin/python
            """)

    @Option(help: ArgumentHelp("The Python that has Pillow; without it ours alone.", valueName: "path"))
    var python: String?
    @Option(help: ArgumentHelp("Shorter edge of the presized images.", valueName: "n"))
    var itemSize = 336
    @Option(help: ArgumentHelp("Epochs of a training (default: the demo's).", valueName: "n"))
    var epochs = 20
    @Option(help: ArgumentHelp("Repeats to take the median of, each with a crop of its own.", valueName: "n"))
    var repeats = 101

    func validate() throws {
        guard repeats > 0, epochs > 0, (8...960).contains(itemSize) else {
            throw ValidationError(
                "--repeats, --epochs: expected 1 or more; --item-size: expected 8 to 960.")
        }
    }

    func run() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("images-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let cache = try ItemCache(folder: folder)
        let peer = try python.map { python in
            let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("images.py")
            return try LineProcess("images.py", python, [script.path], environment: [:])
        }
        var (heads, columns): ([String], [[LoadingRow]]) = ([], [])
        for photo in BenchmarkPhoto.all {
            let file = "\(folder)/\(photo.name).jpg"
            let bytes = try photo.jpegBytes()
            try FileBytes.write(bytes, to: file)
            heads.append("\(photo.name), \(bytes.count / 1000) kB")
            let tasks =
                try (peer.map { LoadingTask.pillows($0, file) } ?? [])
                + LoadingTask.ours(file, itemSize: itemSize, cache)
            columns.append(rows(of: tasks, try measure(tasks)))
        }
        print("\(Machine.name). \(peer.map { "\($0.greeting). " } ?? "")Median of \(repeats) in ms, one thread.\n")
        print("| a 1280 x 960 JPEG to 224 px | \(heads.joined(separator: " | ")) |")
        print("|---|" + heads.map { _ in "---|" }.joined())
        for (index, row) in (columns.first ?? []).enumerated() {
            print("| \(row.name) | \(columns.map { $0[index].text }.joined(separator: " | ")) |")
        }
        if peer != nil { print("\nIn brackets as a share of Pillow's full decode; bold is at most a quarter of it.") }
    }

    /// Medians; the tasks take turns, so that a slower moment of the machine is everybody's.
    private func measure(_ tasks: [LoadingTask]) throws -> [Double] {
        var random = SeededGenerator(seed: 5)
        let crop = RandomResizedCrop(size: 224, minScale: LoadingTask.minScale)
        var times = tasks.map { _ in [Double]() }
        for _ in 0..<repeats {
            let box = crop.box(width: BenchmarkPhoto.width, height: BenchmarkPhoto.height, &random)
            for (index, task) in tasks.enumerated() { times[index].append(try task.milliseconds(box)) }
        }
        return times.map { $0.sorted()[repeats / 2] }
    }

    /// The tasks' own rows and those of whole trainings.
    private func rows(of tasks: [LoadingTask], _ medians: [Double]) -> [LoadingRow] {
        let times = Dictionary(uniqueKeysWithValues: zip(tasks.map(\.kind), medians))
        func time(_ kind: LoadingTask.Kind) -> Double { times[kind] ?? .nan }
        let whole = times[.pillowDecode]
        let kept = (time(.firstRead) + Double(epochs - 1) * time(.kept)) / Double(epochs)
        return tasks.indices.map { LoadingRow(name: tasks[$0].kind.rawValue, time: medians[$0], whole: whole) } + [
            LoadingRow(name: "Assay: crop, an epoch of \(epochs) kept in memory", time: kept, whole: whole),
            LoadingRow(
                name: "Assay: the same with the list of training images", time: kept + time(.list) / Double(epochs),
                whole: whole),
        ]
    }
}

/// One figure.
struct LoadingRow {
    let name: String
    let time: Double
    /// Pillow's full decode, where it is known.
    let whole: Double?

    var text: String {
        let figure = String(format: "%.2f", time)
        guard let whole else { return figure }
        let share = String(format: "%@ (%.2f)", figure, time / whole)
        return time <= whole / 4 ? "**\(share)**" : share
    }
}
