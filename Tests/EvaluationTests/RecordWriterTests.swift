import Evaluation
import Foundation
import Testing

/// The files of a record, written image by image, against the encoder and against lines put together here.
@Suite struct RecordWriterTests {
    /// More images than one piece has, names and labels that need every kind of quoting, targets that are unknown.
    private func record(_ count: Int = 5000, isFloat: Bool = false) throws -> EvaluationRecord {
        var random = SeededGenerator(seed: 3)
        let odd = [
            "a\"b", "c\\d", "e,f", "g\nh\r\ti", "ünï/✓", "\u{1}\u{1f}\u{7f}\u{8}\u{c}", "</script>", "images\":[",
        ]
        let names = (0..<count).map { $0 < odd.count ? odd[$0] : "folder/\($0).jpg" }
        let labels = ["-", "Cloth, \"blue\"", "\"images\":[", "\"top_losses\":["]
        let values = (0..<4 * count).map { index in
            let value = index % 7 == 0 ? Double(index % 2) : random.uniform() * pow(10, -Double(index % 12))
            return isFloat ? Double(Float(value)) : value
        }
        let targets = (0..<count).map { row in
            row % 11 == 5 ? nil : (0..<4).filter { (row >> $0) & 1 == 1 }
        }
        return try .measure(
            title: "t\"\\", model: ModelIdentity(name: "m", digests: ["images": "00"]),
            scores: Scores(names: names, labels: labels, values: values),
            truth: Truth(names: names, labels: labels, targets: targets), thresholds: [0.3],
            slices: ["\"images\":[": [1, 2, 3]],
            pixelDigests: (0..<count).map { "\($0 * 7)" })
    }

    @Test func recordsAreWhatTheEncoderWrites() throws {
        let record = try record()
        #expect(try RecordFile.json(record) == JSON.text(record, compact: true) + "\n")
        let plain = try EvaluationRecord.measure(
            title: "t", scores: Scores(names: ["a"], labels: ["x"], values: [1e-7]),
            truth: Truth(names: ["a"], labels: ["x"], targets: [[]]), thresholds: [0.5])
        #expect(try RecordFile.json(plain) == JSON.text(plain, compact: true) + "\n")
    }

    @Test func noTwoColumnsHaveOneName() throws {
        let labels = ["label rank", "label label target", "label target", "loss", "rank", "target"]
        let record = try EvaluationRecord.measure(
            title: "t", scores: Scores(names: ["a"], labels: labels, values: labels.map { _ in 0.5 }),
            truth: Truth(names: ["a"], labels: labels, targets: [[]]), thresholds: [0.5])
        let table = try CSV(Array(RecordFile.topLossesCSV(record).utf8), named: "top_losses.csv")
        #expect(table.header.count == 5 + labels.count && Set(table.header).count == table.header.count)
        #expect(table.header.dropFirst(5).prefix(3) == labels.prefix(3), "a label keeps the name that it has")
    }

    @Test func filesOnTheDiskAreTheSameAtAnyNumberOfThreads() throws {
        let record = try record()
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("record-\(UUID())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for threads in [1, 3] {
            try RecordFile.write(record, to: folder + "/record.json", threads: threads)
            try RecordFile.writePredictions(record, to: folder + "/predictions.csv", threads: threads)
            try RecordFile.writeTopLosses(record, to: folder + "/top_losses.csv", threads: threads)
            func text(_ name: String) throws -> String {
                String(decoding: try FileBytes.read("\(folder)/\(name)"), as: UTF8.self)
            }
            #expect(try text("record.json") == RecordFile.json(record))
            #expect(try text("predictions.csv") == Predictions.csv(record.scores()))
            let losses = record.topLosses.enumerated().map { rank, index in
                let image = record.images[index]
                return CSV.line(
                    [
                        "\(rank)", image.name, record.names(image.target ?? []), record.names(image.predicted),
                        "\(image.loss ?? .nan)",
                    ] + image.scores.map { "\($0)" })
            }
            let header = CSV.line(["rank", "fname", "target", "predicted", "loss"] + record.labels)
            #expect(try text("top_losses.csv") == header + losses.joined())
        }
        #expect(try RecordFile.read(folder) == record)
        #expect(try Predictions.readTable(folder + "/predictions.csv").scores() == record.scores())
    }
}
