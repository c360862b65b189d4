/// Owned, zeroed, 64-byte aligned floats. The one place of this room that allocates them.
final class FloatBuffer: @unchecked Sendable {
    // Sendable by discipline: plans hand disjoint ranges to their workers.
    let count: Int
    let pointer: UnsafeMutablePointer<Float>

    init(count: Int) {
        self.count = count
        let bytes = max(count, 1) * MemoryLayout<Float>.stride
        let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
        pointer = raw.bindMemory(to: Float.self, capacity: max(count, 1))
        pointer.initialize(repeating: 0, count: max(count, 1))
    }

    deinit { UnsafeMutableRawPointer(pointer).deallocate() }

    func zero() { pointer.update(repeating: 0, count: max(count, 1)) }

    func copy(_ range: Range<Int>) -> [Float] {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "\(range) lies outside \(count) floats")
        return Array(UnsafeBufferPointer(start: pointer + range.lowerBound, count: range.count))
    }
}

typealias Floats = UnsafeMutablePointer<Float>
