import Evaluation
import Testing

@Suite struct NearHashesTests {
    /// Hashes in clusters, so that pairs of every small distance occur; the oracle compares all.
    @Test(arguments: [0, 1, 50, 6000], [0, 3, 10, 11, 20])
    func findsWhatComparingAllFinds(count: Int, distance: Int) {
        var random = SeededGenerator(seed: 4)
        let centres = (0..<max(1, count / 4)).map { _ in random.next() }
        let hashes = (0..<count).map { _ in
            (0..<random.integer(below: 9)).reduce(centres[random.integer(below: centres.count)]) { hash, _ in
                hash ^ 1 << UInt64(random.integer(below: 64))
            }
        }
        let found = NearHashes.laterOnes(hashes, within: distance)
        #expect(found.count == count)
        for (place, others) in found.enumerated() {
            let expected = hashes.indices.filter {
                $0 > place && (hashes[$0] ^ hashes[place]).nonzeroBitCount <= distance
            }
            #expect(others == expected)
        }
    }
}
