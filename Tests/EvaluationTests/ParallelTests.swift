import Evaluation
import Testing

@Suite struct ParallelTests {
    @Test(arguments: [0, 1, 2, 7, 1000], [-1, 1, 2, 5, 64])
    func resultsStandInTheOrderOfTheirPieces(_ count: Int, _ threads: Int) {
        #expect(Parallel.map(count, threads: threads) { "\($0)" } == (0..<count).map { "\($0)" })
    }

    /// Where the system starts some of the threads, or none, the work is done all the same.
    @Test(arguments: [0, 1, 2]) func fewerThreadsThanWereAskedForWillDo(_ most: Int) {
        var started = 0
        let found = Parallel.map(
            100, threads: 4,
            start: { work in
                started += 1
                return started <= most ? ChildThread(work) : nil
            }, { $0 * $0 })
        #expect(started == 3 && found == (0..<100).map { $0 * $0 })
    }
}
