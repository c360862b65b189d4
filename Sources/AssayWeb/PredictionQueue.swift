import Evaluation
import Foundation
import Raster
import Synchronization
import Training

/// The model: one picture at a time, in the order they came, on a thread of its own.
final class PredictionQueue: Sendable {
    private struct Confined: @unchecked Sendable {
        // Sendable: used on `queue` alone.
        let scorer: PictureScorer
    }

    private let confined: Confined
    private let queue = DispatchQueue(label: "assay.predictions")
    private let maximum: Int
    private let count = Mutex(0)

    /// - Parameter maximumWaiting: pictures that may wait beside the one at work.
    init(_ model: Model, threads: Int, maximumWaiting: Int) throws {
        confined = Confined(scorer: try PictureScorer(model, threads: threads))
        maximum = maximumWaiting + 1
    }

    /// Probabilities in the vocab's order.
    /// - Throws: `WebError`: busy, or what is wrong with the picture.
    func probabilities(of bytes: [UInt8]) async throws -> [Double] {
        try count.withLock { count in
            guard count < maximum else { throw WebError.busy }
            count += 1
        }
        defer { count.withLock { $0 -= 1 } }
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { [confined] in
                continuation.resume(
                    with: Result {
                        do {
                            return try confined.scorer.probabilities(of: bytes, named: "The file")
                        } catch let error as ImageError {
                            throw WebError(.badRequest, "The file \(error.problem).".singleLine)
                        }
                    })
            }
        }
    }
}
