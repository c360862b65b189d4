import Evaluation
import Foundation
import Testing

@Suite struct ByteSinkTests {
    /// Small pieces are gathered and large ones go straight to the file; their order is kept.
    @Test func piecesOfAnySizeAreWrittenInOrder() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("sink-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        var random = SeededGenerator(seed: 2)
        let large = (0..<3 << 20).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        let pieces: [[UInt8]] = [
            [1, 2], large, [], [3], Array(large.reversed()), Array(large.prefix(1 << 20)), [4, 5, 6],
            Array(large.prefix(1 << 20 - 1)), [7],
        ]
        try FileBytes.write(to: path) { sink in
            for (index, piece) in pieces.enumerated() {
                // A lazy collection has no contiguous bytes.
                if index % 2 == 0 { try sink.write(piece) } else { try sink.write(piece.lazy.map { $0 ^ 0 }) }
            }
            try large.withUnsafeBytes { try sink.write($0) }
        }
        #expect(try FileBytes.read(path) == pieces.flatMap { $0 } + large)
    }
}
