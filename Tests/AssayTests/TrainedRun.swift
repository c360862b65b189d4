import Evaluation
import Foundation
import Raster
import Testing

/// Pictures, a run trained on them for an epoch, and a golden set that any model passes; gone at the end.
final class TrainedRun {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("trained-\(UUID())").path

    var run: String { folder + "/run" }
    var goldens: String { folder + "/goldens" }
    var bundle: String { folder + "/bundle" }
    var images: String { folder + "/images" }
    var labels: String { folder + "/labels.csv" }

    init(isValidColumn: Bool = false) throws {
        var random = SeededGenerator(seed: 5)
        var table = isValidColumn ? "fname,labels,is_valid\n" : "fname,labels\n"
        for index in 0..<20 {
            try write(Self.picture(index, &random), to: "images/\(index).png")
            table += "\(index).png,\(index % 2 == 0 ? "dark" : "light")"
            table += isValidColumn ? ",\(index % 4 == 0 ? "True" : "False")\n" : "\n"
        }
        try write(Array(table.utf8), to: "labels.csv")
        for index in 100..<104 { try write(Self.picture(index, &random), to: "goldens/images/\(index).png") }
        let golden = """
            version: 1
            name: any
            images: images
            expect: [{match: "*", must_not: [none of these]}]
            """.replacingOccurrences(of: "none of these", with: "dark")
        try write(Array("\(golden)\nrules: [{metric: expectations, at_least: 0}]\n".utf8), to: "goldens/golden.yaml")
        let result = try Program.run([
            "train", "--labels", labels, "--images", images, "--out", run, "--arch", "resnet10s", "--size", "32",
            "--batch-size", "8", "--epochs", "1",
        ])
        try #require(result.code == 0, "\(result.error)")
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Any of the commands that judge, with the options they need.
    func arguments(_ command: String, model: String) -> [String] {
        switch command {
        case "predict": ["predict", "--model", model, images + "/0.png"]
        case "evaluate":
            [
                "evaluate", "--labels", labels, "--images", images, "--model", model, "--out", folder + "/out",
                "--no-report",
            ]
        case "gate": ["gate", "--goldens", goldens, "--model", model]
        default: ["export", "--goldens", goldens, "--model", model, "--out", folder + "/second"]
        }
    }

    func export() throws {
        let result = try Program.run(["export", "--model", run, "--goldens", goldens, "--out", bundle])
        try #require(result.code == 0, "\(result.error)")
    }

    func write(_ bytes: [UInt8], to file: String) throws {
        let url = URL(fileURLWithPath: "\(folder)/\(file)")
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileBytes.write(bytes, to: url.path)
    }

    static func picture(_ index: Int, _ random: inout SeededGenerator) throws -> [UInt8] {
        let pixels = (0..<40 * 40 * 3).map { _ in UInt8((index % 2) * 100 + random.integer(below: 90)) }
        return try Image(width: 40, height: 40, pixels: pixels).pngBytes()
    }
}
