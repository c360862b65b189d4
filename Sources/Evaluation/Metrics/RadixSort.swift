/// Sorting whole numbers digit by digit, 11 bits at a time: a pass over them for each digit in which they differ.
package enum RadixSort {
    /// Below this many, comparing is faster.
    private static let smallest = 1 << 12

    /// Sorts in ascending order.
    /// - Parameter first: the lowest bit that counts, where the keys are already in the order of the bits below it.
    package static func sort<Key: FixedWidthInteger & UnsignedInteger>(_ keys: inout [Key], from first: Int = 0) {
        guard keys.count >= smallest else { return keys.sort() }
        var other = [Key](repeating: 0, count: keys.count)
        for shift in stride(from: first, to: Key.bitWidth, by: 11) {
            var starts = [Int](repeating: 0, count: 2048)
            let differs = keys.withUnsafeBufferPointer { keys in
                starts.withUnsafeMutableBufferPointer { starts in
                    for key in keys { starts[Int(truncatingIfNeeded: key >> Key(shift)) & 2047] += 1 }
                    var sum = 0
                    var largest = 0
                    for digit in 0..<2048 {
                        largest = max(largest, starts[digit])
                        (starts[digit], sum) = (sum, sum + starts[digit])
                    }
                    return largest < keys.count
                }
            }
            guard differs else { continue }
            keys.withUnsafeBufferPointer { keys in
                other.withUnsafeMutableBufferPointer { other in
                    starts.withUnsafeMutableBufferPointer { starts in
                        for key in keys {
                            let digit = Int(truncatingIfNeeded: key >> Key(shift)) & 2047
                            other[starts[digit]] = key
                            starts[digit] += 1
                        }
                    }
                }
            }
            swap(&keys, &other)
        }
    }
}
