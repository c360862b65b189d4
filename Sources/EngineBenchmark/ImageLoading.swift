import ArgumentParser
import Evaluation
import Foundation
import Raster
import Training

/// What one image costs until the network can have it: 1280 x 960 JPEGs to 224 px, on one thread.
struct ImageLoading: ParsableCommand {
    /// So many that what the process before left in the caches does not matter.
    private static let photos = 8

    static let configuration = CommandConfiguration(
        commandName: "images",
        abstract: "Measures what 1280 x 960 JPEGs cost until they are 224 px, beside Pillow.",
        discussion: """
            Four kinds of photo; random crops as RandomResizedCrop draws them, the same for all, and validation's squish. \
            Everyone in turn reads \(photos) photos one after the other, as loaders do. Figures are medians in ms a photo. An epoch's cost is that of a training whose images stay in memory: the first read \
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
    @Option(help: ArgumentHelp("Turns to take the median of, each with a crop of its own.", valueName: "n"))
    var repeats = 31

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
            let photos = "\(folder)/\(photo.name)"
            try FileManager.default.createDirectory(atPath: photos, withIntermediateDirectories: true)
            var (files, bytes): ([String], Int) = ([], 0)
            for number in 0..<Self.photos {
                let jpeg = try photo.jpegBytes(number)
                files.append("\(photos)/\(number).jpg")
                try FileBytes.write(jpeg, to: files[number])
                bytes += jpeg.count
            }
            heads.append("\(photo.name), \(bytes / Self.photos / 1000) kB")
            let tasks =
                try (peer.map { LoadingTask.pillows($0, photos) } ?? [])
                + LoadingTask.ours(files, itemSize: itemSize, cache)
            columns.append(rows(of: tasks, try measure(tasks)))
        }
        print("\(Machine.name). \(peer.map { "\($0.greeting). " } ?? "")Median of \(repeats) in ms, one thread.\n")
        print("| a 1280 x 960 JPEG to 224 px | \(heads.joined(separator: " | ")) |")
        print("|---|" + heads.map { _ in "---|" }.joined())
        for (index, row) in (columns.first ?? []).enumerated() {
            print("| \(row.name) | \(columns.map { $0[index].text }.joined(separator: " | ")) |")
        }
        guard peer != nil else { return }
        print(
            """

            In brackets as shares of Pillow's full decode, and of that with the crop; bold is at most a quarter of the former.
            """)
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
        let peers = times[.pillowDecode].flatMap { decode in times[.pillowCrop].map { (decode, crop: $0) } }
        let kept = (time(.firstRead) + Double(epochs - 1) * time(.kept)) / Double(epochs)
        return tasks.indices.map { LoadingRow(name: tasks[$0].kind.rawValue, time: medians[$0], peers: peers) } + [
            LoadingRow(name: "Assay: crop, an epoch of \(epochs) kept in memory", time: kept, peers: peers),
            LoadingRow(
                name: "Assay: the same with the list of training images", time: kept + time(.list) / Double(epochs),
                peers: peers),
        ]
    }
}

/// One figure.
struct LoadingRow {
    let name: String
    let time: Double
    /// Pillow's full decode, and that with the crop, where they are known.
    let peers: (decode: Double, crop: Double)?

    var text: String {
        let figure = String(format: "%.2f", time)
        guard let peers else { return figure }
        let shares = String(format: "%@ (%.2f, %.2f)", figure, time / peers.decode, time / peers.crop)
        return time <= peers.decode / 4 ? "**\(shares)**" : shares
    }
}
