import CKernels

/// One pass of a 3x3 convolution by Winograd, forward or of the data gradient: tiles of k channels are transformed,
/// multiplied at every position, and transformed back to n channels.
///
/// Where channels are few, a worker takes a block of tiles through all three stages while it stays in its second cache,
/// and reads all weights once a block. Where they are many, the weights are larger than the tiles: all workers
/// transform tiles, then each takes a position, whose weight is read once, and then they transform back (512 channels,
/// 7 x 7, 16 images, Emerald Rapids: 5.2 to 4.3 ms).
struct WinogradPass {
    let transform: WinogradTransform
    let k: Int
    let n: Int

    /// Some tiles and where their transforms and their products lie.
    struct Part {
        let v: Floats
        let m: Floats
        let tiles: Range<Int>
        let rowStride: Int
        let vStride: Int
        let mStride: Int
    }

    private var tiles: Int { transform.tiles }
    private var goesByPosition: Bool { k + n >= 512 }
    /// Tiles of a part where all workers share the positions.
    private static let sharedTiles = 8
    /// Tiles of a part, but for the last.
    var partTiles: Int { goesByPosition ? Self.sharedTiles : blockTiles }
    var parts: Int { (tiles + partTiles - 1) / partTiles }
    /// Tiles whose transforms are there at once: of a worker, or of all.
    private var heldTiles: Int {
        guard goesByPosition else { return blockTiles }
        let chunks = (tiles + mostTiles - 1) / mostTiles
        return ((tiles + chunks - 1) / chunks + partTiles - 1) / partTiles * partTiles
    }
    private var blockTiles: Int {
        var pieces = (tiles + mostTiles - 1) / mostTiles
        pieces = max(min(2, tiles), pieces + pieces % 2)
        return (tiles + pieces - 1) / pieces
    }

    /// Those at most. Of a worker, measured: the more there are, the fewer times the weights come from the third cache,
    /// and the more often the transformed tiles do. Of all, about 20 MB.
    private var mostTiles: Int {
        if goesByPosition {
            return max(1, 5_000_000 / (transform.positions * (rowStride + n)) / partTiles) * partTiles
        }
        return transform.stride == 2 ? 12 : k + n <= 256 ? 24 : 48
    }

    private var rowStride: Int { DirectConvolution.stride(k) }
    private var vStride: Int { WinogradTransform.positionStride(heldTiles * rowStride) }
    private var mStride: Int { WinogradTransform.positionStride(heldTiles * n) }
    private var heldCount: Int { count(held: heldTiles) }
    private func count(held: Int) -> Int {
        transform.positions
            * (WinogradTransform.positionStride(held * rowStride) + WinogradTransform.positionStride(held * n))
    }

    /// For these tiles or fewer, which may be held in larger parts.
    func scratchCount(_ workers: Workers) -> Int {
        (goesByPosition ? 1 : workers.count)
            * count(held: min(mostTiles, (tiles + Self.sharedTiles - 1) / Self.sharedTiles * Self.sharedTiles))
    }

    /// - Parameters:
    ///   - weights: the right side of the products with each of 36 transformed weights.
    ///   - input: stores a part's transforms.
    ///   - output: takes its products.
    func run(
        _ weights: (Int) -> PackedMatrix, scratch: Floats, _ workers: Workers, input: (Part) -> Void,
        output: (Part) -> Void
    ) {
        let (held, products) = (heldTiles, transform.products)
        guard goesByPosition else {
            return workers.run(over: tiles, length: held) { tiles, worker in
                let part = part(tiles, from: tiles.lowerBound, scratch + worker * heldCount)
                input(part)
                for product in products { multiply(product, part, weights) }
                output(part)
            }
        }
        for first in Swift.stride(from: 0, to: tiles, by: held) {
            let all = part(first..<min(tiles, first + held), from: first, scratch)
            func some(_ tiles: Range<Int>) -> Part {
                part(first + tiles.lowerBound..<first + tiles.upperBound, from: first, scratch)
            }
            workers.run(over: all.tiles.count, length: partTiles) { tiles, _ in input(some(tiles)) }
            workers.run(products.count) { piece, _ in
                let next = piece + workers.count
                multiply(products[piece], all, weights, next: next < products.count ? products[next] : nil)
            }
            workers.run(over: all.tiles.count, length: partTiles) { tiles, _ in output(some(tiles)) }
        }
    }

    private func part(_ tiles: Range<Int>, from first: Int, _ scratch: Floats) -> Part {
        let row = tiles.lowerBound - first
        return Part(
            v: scratch + row * rowStride, m: scratch + transform.positions * vStride + row * n, tiles: tiles,
            rowStride: rowStride, vStride: vStride, mStride: mStride)
    }

    /// What is multiplied `next` is fetched meanwhile.
    private func multiply(
        _ product: WinogradTransform.Product, _ part: Part, _ weights: (Int) -> PackedMatrix,
        next: WinogradTransform.Product? = nil
    ) {
        let seen = transform.tiles(of: product, in: part.tiles)
        guard !seen.isEmpty else { return }
        let stream = next.map {
            AssayStream(
                part.v + $0.position * part.vStride, first: 0, rows: part.tiles.count, length: k,
                stride: part.rowStride)
        }
        weights(product.weight).multiply(
            part.v + product.position * part.vStride + seen.lowerBound * part.rowStride, aRow: part.rowStride,
            m: seen.count, columns: 0..<n, part.m + product.position * part.mStride + seen.lowerBound * n, ldc: n,
            next: AssayStreams(stream))
    }
}
