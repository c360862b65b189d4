/// How often each image counts in each of several samples, image by image, so that one walk over images sums for all samples.
struct LaneSums {
    typealias Sums = SIMD8<Int32>
    /// Samples that one pass works out side by side, at most.
    static let lanes = SIMD8<UInt16>.scalarCount
    private let weights: [SIMD8<UInt16>]

    /// - Parameter draw: the N weights of each of `samples`, at most 8.
    init(_ samples: Range<Int>, count: Int, draw: (Int) -> [UInt16]) {
        precondition(samples.count <= Self.lanes, "a lane a sample")
        var weights = [SIMD8<UInt16>](repeating: .zero, count: count)
        weights.withUnsafeMutableBytes { bytes in
            let scalars = bytes.bindMemory(to: UInt16.self)
            for (lane, sample) in samples.enumerated() {
                let drawn = draw(sample)
                precondition(drawn.count == count, "a weight an image")
                for row in 0..<count { scalars[row * Self.lanes + lane] = drawn[row] }
            }
        }
        self.weights = weights
    }

    /// What `body` makes of samples 0..<count, as many at a time as there are lanes, on all threads.
    static func samples<Sample>(_ count: Int, _ body: (Range<Int>) -> [Sample]) -> [Sample] {
        Parallel.map((count + lanes - 1) / lanes, threads: Parallel.threads) { group in
            body(group * lanes..<min(count, (group + 1) * lanes))
        }.flatMap(\.self)
    }

    /// Of all images.
    func sum() -> Sums {
        var total = Sums.zero
        for weight in weights { total &+= Sums(truncatingIfNeeded: weight) }
        return total
    }

    /// Of the images `rows`.
    func sum(_ rows: [Int32]) -> Sums { rows.withUnsafeBufferPointer { sum($0, 0, $0.count) } }

    /// Of the images `rows[first..<end]`.
    @inline(__always)
    func sum(_ rows: UnsafeBufferPointer<Int32>, _ first: Int, _ end: Int) -> Sums {
        weights.withUnsafeBufferPointer { weights in
            var total = Sums.zero
            for at in first..<end { total &+= Sums(truncatingIfNeeded: weights[Int(rows[at])]) }
            return total
        }
    }

    /// The sum of `values`, N numbers.
    func total(_ values: UnsafeBufferPointer<Double>) -> SIMD8<Double> {
        var total = SIMD8<Double>.zero
        for (weight, value) in zip(weights, values) {
            total += value * SIMD8<Double>(Sums(truncatingIfNeeded: weight))
        }
        return total
    }

    /// The mean of `values`, N numbers of which NaN ones are left out; nil over no images.
    func mean(_ values: UnsafeBufferPointer<Double>) -> [Double?] {
        var (total, whole) = (SIMD8<Double>.zero, Sums.zero)
        for (weight, value) in zip(weights, values) where !value.isNaN {
            let weight = Sums(truncatingIfNeeded: weight)
            total += value * SIMD8<Double>(weight)
            whole &+= weight
        }
        return total.indices.map { whole[$0] > 0 ? total[$0] / Double(whole[$0]) : nil }
    }
}
