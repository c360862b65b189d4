import Foundation

/// The comparison as Markdown.
struct FigureTable {
    private var lines = [
        "| images | Assay reads | measures | scikit-learn measures | times faster | peak / input | with report | its peak / input | scikit-learn's peak / input "
            + "| CSV, MB/s a core | CSV peak / input | largest difference |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    private var parts: [String] = []

    var text: String { (lines + [""] + parts).joined(separator: "\n") }

    mutating func add(
        rows: Int, inputs: (array: Int, table: Int, tableScores: Int), ours: Contender,
        report: Contender?, csv: Contender?, peer: Contender?,
        difference: Double?
    ) {
        func seconds(_ value: Double) -> String { String(format: value < 1 ? "%.3f s" : "%.2f s", value) }
        func ratio(_ value: Double) -> String { String(format: value < 10 ? "%.2f" : "%.0f", value) }
        func share(_ contender: Contender?, of bytes: Int) -> String {
            contender.map { ratio(Double($0.peakBytes) / Double(bytes)) } ?? "–"
        }
        var cells = ["\(rows)", seconds(ours.read), seconds(ours.seconds)]
        cells.append(peer.map { seconds($0.seconds) } ?? "–")
        cells.append(peer.map { ratio($0.seconds / ours.seconds) } ?? "–")
        cells.append(share(ours, of: inputs.array))
        cells.append(report.map { seconds($0.seconds) } ?? "–")
        cells.append(share(report, of: inputs.array))
        cells.append(share(peer, of: inputs.array))
        cells.append(csv.map { ratio(Double(inputs.tableScores) / 1e6 / $0.read) } ?? "–")
        cells.append(share(csv, of: inputs.table))
        cells.append(difference.map { String(format: "%.1g", $0) } ?? "–")
        lines.append("| \(cells.joined(separator: " | ")) |")
        parts = [("Assay", ours)].map(Self.parts) + (peer.map { [Self.parts(("scikit-learn", $0))] } ?? [])
    }

    private static func parts(_ contender: (name: String, figures: Contender)) -> String {
        let parts = contender.figures.parts.sorted { $0.value > $1.value }
        return "\(contender.name): "
            + parts.map { "\($0.key) \(String(format: "%.2f", $0.value)) s" }.joined(separator: ", ")
    }
}
