/// Hashes that differ in few bits, found without comparing all pairs: multi-index hashing (Norouzi et al., 2012).
///
/// In four bands of 16 bits, two hashes within d bits differ in some band by at most d / 4 (the pigeonhole principle), so that
/// each hash is compared with those alone that have such a band. For d = 10 and spread hashes that is N x 548 look-ups and
/// about N^2 / 240 comparisons; where all hashes are alike it is all pairs, each of which is then found.
package enum NearHashes {
    private static let bands = 4
    /// Fewer hashes are compared faster than looked up.
    private static let fewest = 4096

    /// For each hash the places of the later ones within `distance` bits, ascending.
    package static func laterOnes(_ hashes: [UInt64], within distance: Int) -> [[Int]] {
        guard hashes.count >= fewest, distance < 12 else { return comparingAll(hashes, within: distance) }
        let most = distance / bands
        let masks = (UInt16.min...UInt16.max).filter { $0.nonzeroBitCount <= most }
        let tables = Parallel.map(bands, threads: Parallel.threads) { Table(hashes, band: $0) }
        return Parallel.map(hashes.count, threads: Parallel.threads) { place in
            let hash = hashes[place]
            var found: [Int] = []
            for band in 0..<bands {
                let key = Self.key(hash, band)
                for mask in masks {
                    tables[band].forEachMember(of: key ^ mask, after: place) { other in
                        let differing = hash ^ hashes[other]
                        guard differing.nonzeroBitCount <= distance else { return }
                        // A pair that several bands find is taken at the first of them.
                        let isEarlier = (0..<band).contains { Self.key(differing, $0).nonzeroBitCount <= most }
                        if !isEarlier { found.append(other) }
                    }
                }
            }
            return found.sorted()
        }
    }

    private static func comparingAll(_ hashes: [UInt64], within distance: Int) -> [[Int]] {
        Parallel.map(hashes.count, threads: Parallel.threads) { a in
            hashes.withUnsafeBufferPointer { hashes in
                var found: [Int] = []
                for b in (a + 1)..<max(a + 1, hashes.count)
                where (hashes[a] ^ hashes[b]).nonzeroBitCount <= distance { found.append(b) }
                return found
            }
        }
    }

    private static func key(_ hash: UInt64, _ band: Int) -> UInt16 {
        UInt16(truncatingIfNeeded: hash >> UInt64(16 * band))
    }

    /// The hashes by one band.
    private struct Table {
        /// Where the members of each key begin, and the end of the last.
        private var starts = [Int32](repeating: 0, count: 1 << 16 + 1)
        /// Places of hashes, key by key, ascending in each.
        private var members: [Int32]

        init(_ hashes: [UInt64], band: Int) {
            for hash in hashes { starts[Int(key(hash, band)) + 1] += 1 }
            for at in 1..<starts.count { starts[at] += starts[at - 1] }
            members = [Int32](repeating: 0, count: hashes.count)
            var next = starts
            for (place, hash) in hashes.enumerated() {
                let key = Int(key(hash, band))
                members[Int(next[key])] = Int32(place)
                next[key] += 1
            }
        }

        func forEachMember(of key: UInt16, after place: Int, _ body: (Int) -> Void) {
            var at = Int(starts[Int(key) + 1]) - 1
            while at >= Int(starts[Int(key)]), members[at] > place {
                body(Int(members[at]))
                at -= 1
            }
        }
    }
}
