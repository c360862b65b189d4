import Evaluation
import Foundation
import Testing
import Training

@Suite struct LoaderTests {
    private func epoch(threads: Int) throws -> [[Float]] {
        let loader = Loader(batches: Loader.chunks(Array(0..<23), 4), imageCount: 3, threads: threads) { item, target in
            if item % 5 == 0 { usleep(500) }
            for i in 0..<3 { target[i] = Float(item * 10 + i) }
        }
        var batches: [[Float]] = []
        while let batch = try loader.next() { batches.append(batch.inputs) }
        return batches
    }

    @Test(arguments: [1, 2, 5])
    func orderDoesNotDependOnThreads(_ threads: Int) throws {
        let batches = try epoch(threads: threads)
        #expect(batches.count == 6 && batches[5].count == 9 && batches.flatMap { $0 }[3] == 10)
        #expect(try batches == epoch(threads: 1))
    }

    @Test func errorsReachTheConsumer() throws {
        let loader = Loader(batches: [[0], [1], [2]], imageCount: 1, threads: 2) { item, _ in
            if item == 1 { throw InputError("broken") }
        }
        #expect(try loader.next()?.items == [0])
        #expect(throws: InputError.self) { try loader.next() }
    }

    @Test func trainingBatchesAreShuffledWholeBatches() {
        let items = Array(100..<110)
        let first = Loader.trainingBatches(items, batchSize: 4, seed: 1, epoch: 0)
        #expect(
            first.count == 2 && Set(first.flatMap { $0 }).count == 8 && Set(first.flatMap { $0 }).isSubset(of: items))
        #expect(first == Loader.trainingBatches(items, batchSize: 4, seed: 1, epoch: 0))
        #expect(first != Loader.trainingBatches(items, batchSize: 4, seed: 1, epoch: 1))
    }

    private struct Broken: Error {}

    private func loader(threads: Int, failing: Int? = nil) -> Loader {
        Loader(batches: Loader.chunks(Array(0..<50), 8), imageCount: 2, threads: threads) { item, target in
            if item == failing { throw Broken() }
            (target[0], target[1]) = (Float(item), -Float(item))
        }
    }

    private func items(_ loader: Loader) throws -> [Float] {
        var found: [Float] = []
        while let batch = try loader.next() { found += batch.inputs }
        return found
    }

    private let expected = (0..<50).flatMap { [Float($0), -Float($0)] }

    /// A system without a thread to spare has the consumer make what it takes.
    @Test func noThreadIsNeeded() throws {
        let alone = loader(threads: 3)
        alone.startThread = { _ in nil }
        #expect(try items(alone) == expected)
        let failing = loader(threads: 3, failing: 20)
        failing.startThread = { _ in nil }
        #expect(try failing.next()?.count == 8)
        #expect(try failing.next()?.count == 8)
        #expect(throws: Broken.self) { try failing.next() }
    }
}
