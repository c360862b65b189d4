import Foundation

/// The figures as a Markdown table that also reads well as text.
enum FigureTable {
    static func text(_ figures: [Figures]) -> String {
        let contenders = Contender.allCases.filter { contender in figures.contains { $0.values[contender] != nil } }
        var header = ["case", "unit"] + contenders.map(\.title)
        let compared = contenders.count > 1
        if compared { header += ["against", "ratio", "to reach", "reached", "outputs differ by"] }
        let rows = figures.map { figure in
            [figure.title, figure.unit] + contenders.map { number(figure.values[$0], figure.row.measure) }
                + (compared ? verdict(figure) : [])
        }
        return aligned([header] + rows, leading: 2)
    }

    /// What was measured where, and how to read it.
    static func heading(_ figures: [Figures], threads: Int, repeats: Int, environment: String) -> String {
        let versions = figures.reduce(into: [:]) { $0.merge($1.versions) { $1 } }
        let names = Contender.allCases.compactMap { versions[$0] }.reduce(into: [String]()) {
            if !$0.contains($1) { $0.append($1) }
        }
        var lines = [
            "\(Machine.name); \(threads) threads each; float32; \(names.joined(separator: ", ")).",
            "Time: median of \(repeats) repeats, contenders taking turns. Ratio: the peer's time over ours.",
            "Memory: VmHWM of a fresh process; \"less imports\" takes off what it held before the network was made. "
                + "Ratio: ours over the peer's.",
        ]
        if names.count > 1 {
            lines += [
                "The better of PyTorch's layouts counts. Outputs (logits; the losses of the first "
                    + "\(BenchmarkCase.checkedSteps) training steps) may differ by \(Figures.tolerance), relative in norm.",
                environment,
            ]
        }
        return lines.joined(separator: "\n")
    }

    private static func verdict(_ figure: Figures) -> [String] {
        let goal = figure.row.goal.map { (figure.row.measure == .time ? "≥ " : "≤ ") + decimal($0, 2) }
        return [
            figure.rival?.title ?? "", figure.ratio.map { decimal($0, 2) } ?? "", goal ?? "",
            figure.reached.map { $0 ? "yes" : "no" } ?? "", figure.difference.map { String(format: "%.0e", $0) } ?? "",
        ]
    }

    private static func number(_ value: Double?, _ measure: BenchmarkCase.Measure) -> String {
        value.map { decimal($0, measure == .time ? 2 : 0) } ?? ""
    }

    static func decimal(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }

    /// `| a | b |` with the first row as header; the first `leading` columns to the left, the others to the right.
    static func aligned(_ rows: [[String]], leading: Int) -> String {
        guard let header = rows.first else { return "" }
        let widths = header.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        func line(_ cells: [String]) -> String {
            let padded = cells.enumerated().map { column, cell in
                let space = String(repeating: " ", count: widths[column] - cell.count)
                return column < leading ? cell + space : space + cell
            }
            return "| " + padded.joined(separator: " | ") + " |"
        }
        let rule = widths.enumerated().map { column, width in
            column < leading ? String(repeating: "-", count: width + 2) : String(repeating: "-", count: width + 1) + ":"
        }
        return ([line(header), "|" + rule.joined(separator: "|") + "|"] + rows.dropFirst().map(line))
            .joined(separator: "\n")
    }
}
