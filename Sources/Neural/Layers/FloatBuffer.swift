import Foundation

/// Owned, zeroed, 64-byte aligned floats. The one place of this room that allocates them. Pages that nobody writes take
/// no memory.
final class FloatBuffer: @unchecked Sendable {
    // Sendable by discipline: plans hand disjoint ranges to their workers.
    let count: Int
    let pointer: UnsafeMutablePointer<Float>
    private let block: UnsafeMutableRawPointer
    /// Floats of one piece of work over a whole buffer.
    static let piece = 1 << 16
    /// Bytes of a large page. Large buffers ask for them: a product then misses fewer address translations.
    private static let largePage = 1 << 21

    /// - Throws: `GraphError` if the system has no memory for them.
    init(count: Int) throws {
        self.count = count
        let (bytes, isTooLarge) = max(count, 1).multipliedReportingOverflow(by: MemoryLayout<Float>.stride)
        let isLarge = bytes >= 4 * Self.largePage
        let alignment = isLarge ? Self.largePage : 64
        guard !isTooLarge, bytes <= Int.max - alignment, let block = calloc(1, bytes + alignment) else {
            throw GraphError("no memory for a network: expected \(max(count, 1)) floats in one piece, got none")
        }
        self.block = block
        let start = block.alignedUp(toMultipleOf: alignment)
        if isLarge { madvise(start, bytes / Self.largePage * Self.largePage, Int32(MADV_HUGEPAGE)) }
        pointer = start.bindMemory(to: Float.self, capacity: max(count, 1))
    }

    deinit { free(block) }

    /// Gives whole pages of `range` back to the system; its values are lost.
    func discard(_ range: Range<Int>) {
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let first = UnsafeMutableRawPointer(pointer + range.lowerBound).alignedUp(toMultipleOf: page)
        let end = UnsafeMutableRawPointer(pointer + range.upperBound).alignedDown(toMultipleOf: page)
        if end > first { madvise(first, end - first, Int32(MADV_DONTNEED)) }
    }

    func zero() { pointer.update(repeating: 0, count: max(count, 1)) }

    func copy(_ range: Range<Int>) -> [Float] {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "\(range) lies outside \(count) floats")
        return Array(UnsafeBufferPointer(start: pointer + range.lowerBound, count: range.count))
    }
}

typealias Floats = UnsafeMutablePointer<Float>
