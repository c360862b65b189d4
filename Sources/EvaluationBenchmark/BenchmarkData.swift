import Evaluation
import Foundation

/// Scores and truth that depend on nothing but their size, as the files that both contenders read.
struct BenchmarkData {
    let folder: String
    let rows: Int
    let labels: Int

    /// Bytes of what Assay reads: the array or the table of scores, each with what stands beside it.
    var sizes: (array: Int, table: Int, tableScores: Int) {
        func size(_ name: String) -> Int {
            (try? FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")[.size] as? Int) ?? 0
        }
        let labels = size("labels.csv")
        return (
            size("scores.npy") + size("names.txt") + size("vocab.txt") + labels, size("scores.csv") + labels,
            size("scores.csv")
        )
    }

    /// - Parameter hasTable: whether the scores are also written as CSV.
    func write(hasTable: Bool) throws {
        let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(rows), \(labels)), }"
        try array("scores.npy", header) { random, hit, bytes in
            withUnsafeBytes(of: Self.score(&random, hit)) { bytes.append(contentsOf: $0) }
        }
        let flags = "{'descr': '|b1', 'fortran_order': False, 'shape': (\(rows), \(labels)), }"
        try array("truth.npy", flags) { random, hit, bytes in
            _ = Self.score(&random, hit)
            bytes.append(hit ? 1 : 0)
        }
        let vocab = (0..<labels).map { "label\($0)" }
        try FileBytes.write(vocab.joined(separator: "\n") + "\n", to: "\(folder)/vocab.txt")
        try FileBytes.write(to: "\(folder)/names.txt") { sink in
            for row in 0..<rows { try sink.write("\(name(row))\n") }
        }
        try FileBytes.write(to: "\(folder)/labels.csv") { sink in
            try sink.write("fname,labels\n")
            try each { row, cells in
                try sink.write(
                    "\(name(row)),\(vocab.indices.filter { cells[$0].hit }.map { vocab[$0] }.joined(separator: ";"))\n")
            }
        }
        guard hasTable else { return }
        try FileBytes.write(to: "\(folder)/scores.csv") { sink in
            try sink.write("fname,\(vocab.joined(separator: ","))\n")
            try each { row, cells in
                try sink.write("\(name(row)),\(cells.map { "\($0.score)" }.joined(separator: ","))\n")
            }
        }
    }

    private func name(_ row: Int) -> String { "folder/\(row).jpg" }

    /// A logistic of a normal, higher for what is true; a fifth of them rounded, so that there are ties.
    private static func score(_ random: inout SeededGenerator, _ hit: Bool) -> Float {
        let logit = (random.uniform() + random.uniform() + random.uniform() - 1.5) * 5 + (hit ? 1.5 : -2)
        let score = 1 / (1 + exp(-logit))
        return Float(random.uniform() < 0.2 ? (score * 100).rounded() / 100 : score)
    }

    private func each(_ body: (Int, [(score: Float, hit: Bool)]) throws -> Void) throws {
        var random = SeededGenerator(seed: 1)
        for row in 0..<rows {
            try body(
                row,
                (0..<labels).map { label in
                    let hit = random.uniform() < 0.02 + 0.3 * Double(label) / Double(labels)
                    return (Self.score(&random, hit), hit)
                })
        }
    }

    private func array(
        _ file: String, _ header: String, _ value: (inout SeededGenerator, Bool, inout [UInt8]) -> Void
    ) throws {
        let padded = header + String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
        try FileBytes.write(to: "\(folder)/\(file)") { sink in
            try sink.write([0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(padded.utf8.count), 0] + Array(padded.utf8))
            var random = SeededGenerator(seed: 1)
            for _ in 0..<rows {
                var bytes: [UInt8] = []
                for label in 0..<labels {
                    let hit = random.uniform() < 0.02 + 0.3 * Double(label) / Double(labels)
                    value(&random, hit, &bytes)
                }
                try sink.write(bytes)
            }
        }
    }
}
