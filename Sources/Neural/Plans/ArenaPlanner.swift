/// Places buffers of known lifetimes into one block, so that those never alive together share memory.
struct ArenaPlanner {
    private struct Block {
        var offset: Int
        var size: Int
        var alive: ClosedRange<Int>
    }

    private var blocks: [Block] = []
    /// Floats the arena needs.
    private(set) var total = 0

    /// The offset of a buffer of `size` floats that is alive over the steps `alive`: the lowest gap that is free
    /// during all of them.
    mutating func place(size: Int, alive: ClosedRange<Int>) -> Int {
        let size = (size + 15) / 16 * 16
        var offset = 0
        for block in blocks.filter({ $0.alive.overlaps(alive) }).sorted(by: { $0.offset < $1.offset }) {
            if block.offset >= offset + size { break }
            offset = max(offset, block.offset + block.size)
        }
        blocks.append(Block(offset: offset, size: size, alive: alive))
        total = max(total, offset + size)
        return offset
    }
}
