import Evaluation
import Foundation
import Testing

/// The notebook's own printed predictions, in Goldens/notebook.
@Suite struct NotebookGoldensTests {
    static func path(_ name: String, _ file: String = #filePath) -> String {
        let root = URL(fileURLWithPath: file).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return root.appendingPathComponent("Goldens/notebook/\(name)").path
    }

    private func record(_ name: String) throws -> EvaluationRecord {
        let scores = try Predictions.read(Self.path("\(name).predictions.csv"))
        let table = try LabelTable.read(Self.path("\(name).labels.csv"))
        return try .measure(
            title: name, scores: scores, truth: Truth(table, labels: scores.labels), thresholds: [0.5])
    }

    /// Half a unit of the last printed digit.
    private func rounding(_ text: String) -> Double {
        let parts = text.split(separator: "e")
        let decimals = parts[0].split(separator: ".").last.map { Double($0.count) } ?? 0
        let exponent = parts.count > 1 ? Double(parts[1]) ?? 0 : 0
        return 0.5 * pow(10, exponent - decimals)
    }

    /// The printed probabilities are rounded; the printed loss must lie between the losses of the two ends.
    @Test(arguments: [("first-try-top-losses", 41), ("second-try-top-losses", 40)])
    func lossesAndLabelsAgreeWithThePrintedOnes(_ name: String, _ count: Int) throws {
        let record = try record(name)
        let printed = try CSV(FileBytes.read(Self.path("\(name).losses.csv")), named: name)
        let cells = try CSV(FileBytes.read(Self.path("\(name).predictions.csv")), named: name)
        #expect(printed.rows.count == count && record.images.count == count)
        for (index, image) in record.images.enumerated() {
            let loss = try #require(Double(printed.rows[index][1]))
            let target = Set(image.target ?? [])
            var (low, high, steepness) = (0.0, 0.0, 0.0)
            for (label, p) in image.scores.enumerated() {
                let half = rounding(cells.rows[index][label + 1])
                let ends = [max(0, p - half), min(1, p + half)].map { CrossEntropy.term($0, target.contains(label)) }
                low += min(ends[0], ends[1]) / Double(image.scores.count)
                high += max(ends[0], ends[1]) / Double(image.scores.count)
                steepness = max(steepness, abs(ends[0] - ends[1]))
            }
            // The loss itself was computed in float32.
            #expect(loss >= low - 1e-6 && loss <= high + 1e-6, "\(name) \(index): \(low)...\(high), printed \(loss)")
            let recomputed = try #require(image.loss)
            if steepness < 1 { #expect(abs(recomputed - loss) <= (high - low) + 1e-6) }
            #expect(record.names(image.predicted) == printed.rows[index][2], "\(name) \(index)")
        }
    }

    @Test(arguments: [("first-try-manual", 39), ("second-try-manual", 6)])
    func manualTestsDecodeAsPrinted(_ name: String, _ count: Int) throws {
        let record = try record(name)
        #expect(record.images.count == count)
        for image in record.images { #expect(image.predicted == image.target, "\(image.name)") }
        #expect(record.figures.exactMatch == 1)
    }
}
