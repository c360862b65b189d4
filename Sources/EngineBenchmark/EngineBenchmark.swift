import ArgumentParser
import Foundation

@main
struct EngineBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "engine-benchmark",
        abstract: "Measures Assay's engine against PyTorch and ONNX Runtime on the same cores, side by side.",
        discussion: """
            Each contender is a process of its own with the same weights and images. They take turns, repeat by repeat, \
            and all but the one that works are stopped. Figures are medians; the table is Markdown.

            Exit codes: 0 measured, 1 measured but the outputs differ, 2 could not be done, 64 wrong usage.

            Examples:
              engine-benchmark --python venv/bin/python
              engine-benchmark --python venv/bin/python --cases resnet50 --repeats 3
              engine-benchmark --cases memory        # ours alone
            """,
        subcommands: [Compare.self, Contend.self, ImageLoading.self], defaultSubcommand: Compare.self)

    /// Errors of use keep ArgumentParser's code 64; everything else thrown anywhere is one line and code 2.
    static func main() {
        signal(SIGPIPE, SIG_IGN)
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
    @Option(help: ArgumentHelp("Threads of each contender.", valueName: "n"))
    var threads = 2
    @Option(help: ArgumentHelp("Repeats to take the median of.", valueName: "n"))
    var repeats = 7
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Only cases of these names, or with these in their names, such as resnet50-224-train.", valueName: "text"))
    var cases: [String] = []
    @Flag(help: "ResNet-18 at 128 px and one repeat: whether everything works.")
    var quick = false
    @Flag(help: "Peers hand freed memory back to the kernel while they are timed, as they do unless told otherwise.")
    var asInstalled = false

    private var known: [BenchmarkCase] { quick ? BenchmarkCase.quick : BenchmarkCase.all }

    private var rows: [BenchmarkCase] {
        let names = Set(known.map(\.name))
        return known.filter { row in
            cases.isEmpty || cases.contains { names.contains($0) ? row.name == $0 : row.name.contains($0) }
        }
    }

    func validate() throws {
        guard threads > 0 else { throw ValidationError("--threads: expected at least 1, got \(threads).") }
        guard repeats > 0 else { throw ValidationError("--repeats: expected at least 1, got \(repeats).") }
        guard !rows.isEmpty else {
            let names = known.map(\.name).joined(separator: ", ")
            throw ValidationError("--cases: expected one or a part of \(names); got \(cases.joined(separator: " ")).")
        }
    }

    func run() throws {
        let folder = try ExchangeFolder()
        let interruption = folder.removeWhenInterrupted()
        defer {
            for source in interruption { source.cancel() }
            folder.remove()
        }
        let comparison = Comparison(
            python: python, repeats: quick ? 1 : repeats,
            environment: PeerEnvironment(threads: threads, keepsFreedMemory: !asInstalled), folder: folder)
        if let load = Machine.load, load > 0.5 {
            EngineBenchmark.note("others are using this machine (load \(load)): no figure here is worth quoting")
        }
        if python == nil { EngineBenchmark.note("no --python: the figures are Assay's alone") }
        try comparison.prepare(rows)
        var figures: [Figures] = []
        for (number, row) in rows.enumerated() {
            EngineBenchmark.note("\(number + 1)/\(rows.count) \(row.title)")
            figures += try comparison.run(row)
        }
        print(
            FigureTable.heading(
                figures, threads: threads, repeats: comparison.repeats, environment: comparison.environment.description)
        )
        print("\n" + FigureTable.text(figures))
        if !figures.allSatisfy(\.same) { throw ExitCode(1) }
    }
}

/// Our own contender, which the comparison starts; it speaks the protocol of peers.py.
struct Contend: ParsableCommand {
    static let configuration = CommandConfiguration(shouldDisplay: false)

    @Argument var folder: String
    @Argument var threads: Int

    func run() throws { try EngineContender(folder: ExchangeFolder(path: folder), threads: threads).serve() }
}
