import ArgumentParser
import Evaluation
import Foundation

@main
struct EvaluationBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluation-benchmark",
        abstract: "Measures Assay's evaluation against scikit-learn on the same scores and cores, side by side.",
        discussion: """
            Every figure of metrics.json, the threshold curve, and each label's precision-recall and ROC curves, from the same \
            [N, C] array of float32 scores; and assay evaluate with its whole report, from the files to the folder. Each contender is a process of its own; both read first and are then timed. Their \
            figures are compared. The table is Markdown.

            Exit codes: 0 measured, 1 measured but the figures differ, 2 could not be done, 64 wrong usage.

            Examples:
              evaluation-benchmark --python venv/bin/python
              evaluation-benchmark --rows 10000 10000000 --peer-rows 1000000 --python venv/bin/python
              evaluation-benchmark duplicates
            """,
        subcommands: [Compare.self, DuplicateSearch.self, Contend.self], defaultSubcommand: Compare.self)

    /// Errors of use keep ArgumentParser's code 64; everything else thrown anywhere is one line and code 2.
    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let code as ExitCode {
            exit(withError: code)
        } catch {
            if exitCode(for: error) != .failure { exit(withError: error) }
            note("error: \(error)")
            Foundation.exit(2)
        }
    }

    /// Progress and remarks, on stderr.
    static func note(_ line: String) { FileHandle.standardError.write(Data("\(line)\n".utf8)) }
}

/// What is run when nothing else is said.
struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Runs the comparison and prints one table.")

    @Option(
        help: ArgumentHelp("The Python that has the peers (see peers.py); without it ours alone.", valueName: "path"))
    var python: String?
    @Option(parsing: .upToNextOption, help: ArgumentHelp("Numbers of images.", valueName: "n"))
    var rows = [10_000, 100_000, 1_000_000]
    @Option(help: ArgumentHelp("The largest number of images that the peers get.", valueName: "n"))
    var peerRows = 1_000_000
    @Option(help: ArgumentHelp("The largest number of images that are also read from CSV.", valueName: "n"))
    var csvRows = 1_000_000
    @Option(help: ArgumentHelp("Labels.", valueName: "n"))
    var labels = 20
    @Option(help: ArgumentHelp("Threads of Assay; scikit-learn takes what it takes.", valueName: "n"))
    var threads = 2
    @Option(
        help: ArgumentHelp(
            "The assay that evaluates with its report (default: beside this program).", valueName: "path"))
    var assay: String?
    @Option(help: ArgumentHelp("The largest number of images that get a report.", valueName: "n"))
    var reportRows = 10_000_000

    func validate() throws {
        guard rows.allSatisfy({ (2...100_000_000).contains($0) }), !rows.isEmpty else {
            throw ValidationError("--rows: expected 2 to 100000000, got \(rows).")
        }
        guard (1...1000).contains(labels) else { throw ValidationError("--labels: expected 1 to 1000, got \(labels).") }
        guard threads > 0 else { throw ValidationError("--threads: expected at least 1, got \(threads).") }
    }

    /// The assay to run; nil, with a remark, where there is none.
    private var reporter: String? {
        let path =
            assay
            ?? URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
            .appendingPathComponent("assay").path
        if FileManager.default.isExecutableFile(atPath: path) { return path }
        EvaluationBenchmark.note("no program at \(path): no report is timed")
        return nil
    }

    func run() throws {
        let reporter = reporter
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("evaluation-\(UUID())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var table = FigureTable()
        var isSame = true
        for count in rows {
            EvaluationBenchmark.note("\(count) x \(labels)")
            let data = BenchmarkData(folder: folder, rows: count, labels: labels)
            try data.write(hasTable: count <= csvRows)
            let ours = try Contender.run(["contend", folder, "\(threads)", "array"])
            let csv = count <= csvRows ? try Contender.run(["contend", folder, "\(threads)", "csv"]) : nil
            let peer =
                count <= peerRows
                ? try python.map { try Contender.run([Contender.script, folder], program: $0) } : nil
            let report =
                count <= reportRows
                ? try reporter.map { try Contender.run(["contend", folder, "\(threads)", "array", "--assay", $0]) }
                : nil
            let difference = peer.map { Contender.difference(ours, $0) }
            for name in difference?.undefined ?? [] {
                EvaluationBenchmark.note("\(name) is undefined for one of the two")
            }
            if let difference, !(difference.largest <= 1e-12) || !difference.undefined.isEmpty { isSame = false }
            table.add(
                rows: count, inputs: data.sizes, ours: ours, report: report, csv: csv, peer: peer,
                difference: difference?.largest)
        }
        print("Assay \(threads) threads; scores [N, \(labels)] float32. Figures of the last row by part.\n")
        print(table.text)
        if !isSame { throw ExitCode(1) }
    }
}
