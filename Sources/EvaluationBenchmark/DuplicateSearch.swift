import ArgumentParser
import Evaluation
import Foundation

/// How the search for duplicate images grows with their number.
struct DuplicateSearch: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "duplicates",
        abstract: "Times the search for near duplicates by hashes and by a network's features, as data check has it.",
        discussion: """
            Example:
              evaluation-benchmark duplicates --hashes 10000 1000000 --features 10000
            """)

    @Option(parsing: .upToNextOption, help: ArgumentHelp("Numbers of images with hashes.", valueName: "n"))
    var hashes = [10_000, 100_000, 1_000_000]
    @Option(parsing: .upToNextOption, help: ArgumentHelp("Numbers of images with features.", valueName: "n"))
    var features = [1_000, 10_000]
    @Option(help: ArgumentHelp("Features an image.", valueName: "n"))
    var width = 512

    func validate() throws {
        guard (hashes + features).allSatisfy({ (1...100_000_000).contains($0) }), (1...100_000).contains(width) else {
            throw ValidationError("expected numbers above 0")
        }
    }

    func run() throws {
        print("| images | by hashes | by \(width) features | copies found, of those planted |\n|---|---|---|---|")
        for count in hashes { try row(count) { try hashing(count) } }
        for count in features { try row(count) { try comparing(count) } }
    }

    private func row(_ count: Int, _ measure: () throws -> [String]) rethrows {
        print("| \(count) | \(try measure().joined(separator: " | ")) |")
    }

    private func timed<Result>(_ body: () -> Result) -> (result: Result, text: String) {
        let start = Date()
        let result = body()
        return (result, String(format: "%.2f s", Date().timeIntervalSince(start)))
    }

    /// Spread hashes of 63 bits, as those of different pictures are; every hundredth is a copy with up to five bits changed.
    private func hashing(_ count: Int) throws -> [String] {
        var random = SeededGenerator(seed: 1)
        var hashes: [UInt64] = []
        for place in 0..<count {
            guard place % 100 == 99 else {
                hashes.append(random.next() >> 1)
                continue
            }
            let changed = (0..<5).reduce(UInt64(0)) { bits, _ in bits | 1 << UInt64(random.integer(below: 63)) }
            hashes.append(hashes[random.integer(below: place)] ^ changed)
        }
        let (found, time) = timed { NearHashes.laterOnes(hashes, within: 10) }
        return [time, "–", "\(found.reduce(0) { $0 + $1.count }) of \(count / 100) or more"]
    }

    /// Normal features; every hundredth row is nearly a copy of another.
    private func comparing(_ count: Int) throws -> [String] {
        var random = SeededGenerator(seed: 2)
        var values = (0..<count * width).map { _ in Float(random.normal()) }
        for place in stride(from: 99, to: count, by: 100) {
            let original = random.integer(below: place)
            for at in 0..<width {
                values[place * width + at] = values[original * width + at] + Float(0.01 * random.normal())
            }
        }
        let rows = FeatureRows(names: (0..<count).map(String.init), width: width, values: values)
        let (found, time) = timed { FeatureDuplicates.find(rows) }
        return ["–", time, "\(found.count) of \(count / 100) or more"]
    }
}
