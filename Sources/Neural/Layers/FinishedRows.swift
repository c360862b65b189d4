/// Told of each part of a map, some channels of some rows, by the worker that has just written it: what a batch norm sums
/// of a map is then read from the second cache, not from memory.
struct FinishedRows {
    private let body: ((_ rows: Range<Int>, _ channels: Range<Int>, _ piece: Int) -> Void)?
    /// Another map of the same shape that is read then: its rows are fetched before.
    let alsoRead: UnsafePointer<Float>?
    /// Where nothing is wanted but each channel's values and squares: a kernel may add them up as it makes them, and tell
    /// nobody.
    let sums: ChannelSums?

    /// Nobody wants to know.
    static var none: FinishedRows { FinishedRows(body: nil, alsoRead: nil, sums: nil) }

    /// - Parameter body: may be called by several workers at once, but for each piece's channel by one.
    init(
        alsoRead: UnsafePointer<Float>? = nil, sums: ChannelSums? = nil,
        _ body: @escaping (_ rows: Range<Int>, _ channels: Range<Int>, _ piece: Int) -> Void
    ) {
        self.init(body: body, alsoRead: alsoRead, sums: sums)
    }

    private init(
        body: ((Range<Int>, Range<Int>, Int) -> Void)?, alsoRead: UnsafePointer<Float>?, sums: ChannelSums?
    ) {
        (self.body, self.alsoRead, self.sums) = (body, alsoRead, sums)
    }

    var isWanted: Bool { body != nil }

    func callAsFunction(_ rows: Range<Int>, channels: Range<Int>, piece: Int) { body?(rows, channels, piece) }
}

/// Two sums a channel over pieces of a map's rows, in double, 0 at first. They are added in the order of the pieces.
final class ChannelSums {
    private let channels: Int
    private let pieces: Int
    private let values: UnsafeMutablePointer<Double>

    init(channels: Int, pieces: Int) {
        (self.channels, self.pieces) = (channels, pieces)
        values = .allocate(capacity: pieces * 2 * channels)
        values.initialize(repeating: 0, count: pieces * 2 * channels)
    }

    deinit { values.deallocate() }

    /// Where a piece adds its sums.
    func of(piece: Int) -> (first: UnsafeMutablePointer<Double>, second: UnsafeMutablePointer<Double>) {
        let first = values + piece * 2 * channels
        return (first, first + channels)
    }

    func total() -> (first: [Double], second: [Double]) {
        var first = [Double](repeating: 0, count: channels)
        var second = first
        for piece in 0..<pieces {
            let part = of(piece: piece)
            for c in 0..<channels {
                first[c] += part.first[c]
                second[c] += part.second[c]
            }
        }
        return (first, second)
    }
}
