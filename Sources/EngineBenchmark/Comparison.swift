import Foundation

/// Runs cases. Each contender is a fresh process; they take turns repeat by repeat, and all but one are stopped.
struct Comparison {
    /// What a repeat lasts at least, in milliseconds: shorter work is repeated within it.
    static let shortestRepeat = 200.0
    private static let memoryIterations = 3

    /// The interpreter with the peers' libraries; nil: ours alone.
    let python: String?
    let repeats: Int
    let environment: PeerEnvironment
    let folder: ExchangeFolder

    /// Beside this file.
    private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("peers.py").path

    /// Lets the peers write weights and ONNX files, and writes the batches.
    func prepare(_ rows: [BenchmarkCase]) throws {
        for row in rows { try folder.writeInputs(of: row) }
        guard let python else { return }
        guard FileManager.default.fileExists(atPath: Self.script) else {
            throw BenchmarkError("no script at \(Self.script); expected the sources where they were built")
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: python)
        let cases = Set(rows.map { "\($0.network):\($0.size):\($0.batch)" }).sorted()
        process.arguments = [Self.script, "export", folder.path] + cases
        process.environment = ProcessInfo.processInfo.environment.merging(["PYTHONWARNINGS": "ignore"]) { $1 }
        process.standardOutput = FileHandle.standardError
        do { try process.run() } catch { throw BenchmarkError("cannot start \(python): \(error.localizedDescription)") }
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw BenchmarkError("\(python) could not export the networks; see its message above")
        }
    }

    /// The figures of one case: one row, or for memory two.
    func run(_ row: BenchmarkCase) throws -> [Figures] {
        var processes: [(contender: Contender, process: LineProcess)] = []
        var imported: [Contender: Double] = [:]
        var outputs: [Contender: [Float]] = [:]
        for contender in row.contenders where contender == .assay || python != nil {
            let process = try start(contender, row)
            imported[contender] = try process.memory("VmRSS")
            guard try process.ask("prepare \(row.request)") == "ready" else {
                throw BenchmarkError("\(contender.title): expected 'ready' for \(row.name)")
            }
            outputs[contender] = try folder.read(contender.rawValue)
            processes.append((contender, process))
        }
        let ours = outputs[.assay] ?? []
        outputs[.assay] = nil
        let differences = outputs.mapValues { ours.relativeDifference(from: $0) }
        for (peer, difference) in differences.sorted(by: { $0.key.title < $1.key.title }) {
            EngineBenchmark.note("\(row.name): outputs differ from those of \(peer.title) by \(Float(difference))")
        }
        let versions = Dictionary(uniqueKeysWithValues: processes.map { ($0.contender, $0.process.greeting) })
        func figures(_ values: [Contender: Double], _ unit: String, _ remark: String = "") -> Figures {
            Figures(
                title: row.title + remark, unit: unit, row: row, values: values, differences: differences,
                versions: versions)
        }
        switch row.measure {
        case .time: return [figures(try times(processes).mapValues { $0 / Double(row.batch) }, "ms/image")]
        case .memory:
            var peaks: [Contender: Double] = [:]
            for (contender, process) in processes {
                _ = try process.run(Self.memoryIterations)
                peaks[contender] = try process.memory("VmHWM")
            }
            let net = peaks.merging(imported) { $0 - $1 }
            return [figures(peaks, "MiB", ", all"), figures(net, "MiB", ", less imports")]
        }
    }

    /// Median milliseconds of an iteration.
    private func times(_ processes: [(contender: Contender, process: LineProcess)]) throws -> [Contender: Double] {
        var iterations: [Contender: Int] = [:]
        for (contender, process) in processes {
            _ = try process.run(2)
            iterations[contender] = Int((Self.shortestRepeat / (try process.run(1))).rounded(.up))
        }
        var times: [Contender: [Double]] = [:]
        for _ in 0..<repeats {
            for (contender, process) in processes {
                let count = iterations[contender] ?? 1
                times[contender, default: []].append(try process.run(count) / Double(count))
            }
        }
        return times.mapValues(\.median)
    }

    private func start(_ contender: Contender, _ row: BenchmarkCase) throws -> LineProcess {
        guard contender != .assay, let python else {
            return try LineProcess(
                contender.title, "/proc/self/exe", ["contend", folder.path, String(environment.threads)],
                environment: [:])
        }
        return try LineProcess(
            contender.title, python, [Self.script, contender.rawValue, folder.path, String(environment.threads)],
            environment: environment.variables(for: row.measure))
    }
}
