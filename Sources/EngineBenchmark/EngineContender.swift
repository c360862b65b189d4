import Foundation
import Neural

/// Our side of the protocol that peers.py speaks: one case, prepared and then repeated.
final class EngineContender {
    private let folder: ExchangeFolder
    private let workers: Workers
    private var iterate: () -> Void = {}

    init(folder: ExchangeFolder, threads: Int) {
        self.folder = folder
        workers = Workers(count: threads)
    }

    /// Answers lines until there are no more.
    func serve() throws {
        try reply("Assay")
        while let line = readLine() {
            let words = line.split(separator: " ").map(String.init)
            if words.first == "prepare" {
                let row = try BenchmarkCase(words: Array(words.dropFirst()))
                try folder.write(try prepare(row), Contender.assay.rawValue)
                try reply("ready")
            } else if words.first == "run", words.count == 2, let count = Int(words[1]) {
                let time = ContinuousClock().measure { for _ in 0..<count { iterate() } }
                try reply(String(time / .milliseconds(1)))
            } else {
                throw BenchmarkError("expected 'prepare <case>' or 'run <count>', got '\(line)'")
            }
        }
    }

    /// Unbuffered, for the other side waits for it.
    private func reply(_ line: String) throws {
        try FileHandle.standardOutput.write(contentsOf: Data("\(line)\n".utf8))
    }

    /// Makes the plan and gives what peers are compared by: the logits, or the losses of the first steps.
    private func prepare(_ row: BenchmarkCase) throws -> [Float] {
        let graph = try row.graph
        let parameters = try Parameters(graph)
        try folder.load(row.network, into: parameters)
        let images = try folder.read(row.images)
        switch row.work {
        case .inference:
            let plan = try InferencePlan(
                graph, parameters, input: row.input, workers: workers, discardsWeights: true)
            iterate = { _ = plan.run(images, count: row.batch) }
            return plan.run(images, count: row.batch)
        case .training:
            let targets = try folder.read(row.targets)
            let plan = try TrainingPlan(graph, parameters, input: row.input, workers: workers)
            let adam = try Adam(parameters)
            let step = { [workers] in
                let logits = plan.forward(images, randomSeed: 0)
                let loss = BinaryCrossEntropy.loss(logits: logits, targets: targets)
                plan.backward(BinaryCrossEntropy.gradient(logits: logits, targets: targets))
                adam.step(momentum: 0.9, workers: workers) { _ in BenchmarkCase.rate }
                return Float(loss)
            }
            iterate = { _ = step() }
            return (0..<BenchmarkCase.checkedSteps).map { _ in step() }
        }
    }
}
