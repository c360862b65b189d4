import CKernels

/// The transforms of a 3x3 convolution with padding 1 between maps and the positions at which they are multiplied:
/// F(4x4, 3x3) with stride 1, its counterpart with stride 2. Tiles are 4 x 4 outputs; the last ones of a map may be smaller
/// and have fewer positions. Low tiles, whole ones, narrow ones, and those that are both come in that order, so that the tiles
/// that have a position follow one another.
struct WinogradTransform: Sendable {
    private let window: AssayWindow
    private let inputs: Int
    private let outputs: Int
    let stride: Int
    /// Tiles of the outputs.
    let tiles: Int
    /// Where whole tiles begin, where they end, and where narrow ones end.
    private let firstWhole, endWhole, endNarrow: Int
    /// Outputs down of a low tile, and across of a narrow one; 0 where there is none.
    private let low, narrow: Int32

    /// Nil for other convolutions.
    init?(_ convolution: Convolution) {
        guard convolution.kernel == 3, convolution.padding == 1, 1...2 ~= convolution.stride else { return nil }
        let shape = convolution.output
        tiles = shape.images * ((shape.height + 3) / 4) * ((shape.width + 3) / 4)
        (window, stride) = (convolution.window, convolution.stride)
        (inputs, outputs) = (convolution.input.channels, shape.channels)
        (low, narrow) = (assay_winograd_edge(Int32(shape.height)), assay_winograd_edge(Int32(shape.width)))
        let (rows, columns) = (shape.height / 4, shape.width / 4)
        firstWhole = low > 0 ? shape.images * columns : 0
        endWhole = firstWhole + shape.images * rows * columns
        endNarrow = endWhole + (narrow > 0 ? shape.images * rows : 0)
    }

    private var isStrided: Bool { stride == 2 }
    /// Products of a tile.
    var positions: Int { isStrided ? 81 : 36 }
    /// Transformed weights; some positions of a strided convolution share theirs.
    static let weights = 36

    /// One product of a tile.
    struct Product: Sendable {
        let position: Int
        let weight: Int
        /// No product before it has the same weight.
        let isFirst: Bool
    }

    /// All products, weight by weight. Blocks of tiles are multiplied in less than a microsecond a position, hence a
    /// table.
    var products: [Product] { isStrided ? Self.stridedProducts : Self.plainProducts }

    /// The same, a group a weight, those with most products first: pieces of unlike size end together so.
    var productsByWeight: [[Product]] { isStrided ? Self.stridedByWeight : Self.plainByWeight }

    private static let plainByWeight = grouped(plainProducts)
    private static let stridedByWeight = grouped(stridedProducts)

    private static func grouped(_ products: [Product]) -> [[Product]] {
        (0..<weights).reversed().map { weight in products.filter { $0.weight == weight } }
    }

    private static let plainProducts = (0..<36).map { Product(position: $0, weight: $0, isFirst: true) }
    private static let stridedProducts = (0..<weights).flatMap { weight in
        func along(_ index: Int) -> Range<Int> { index < 5 ? index..<index + 1 : 5..<9 }
        return along(weight / 6).flatMap { row in
            along(weight % 6).map { column in
                Product(
                    position: row * 9 + column, weight: weight,
                    isFirst: row == weight / 6 && column == weight % 6)
            }
        }
    }

    /// Those of `range` that have a product, as places in it.
    func tiles(of product: Product, in range: Range<Int>) -> Range<Int> {
        let size = isStrided ? 9 : 6
        let (isLow, isNarrow) = (
            hasPosition(low, product.position / size), hasPosition(narrow, product.position % size)
        )
        let first = isLow ? 0 : firstWhole
        let end = isNarrow ? (isLow ? tiles : endNarrow) : endWhole
        let part = range.clamped(to: first..<max(first, end))
        return part.lowerBound - range.lowerBound..<part.upperBound - range.lowerBound
    }

    /// Products of all tiles.
    var productCount: Int { products.reduce(0) { $0 + self.tiles(of: $1, in: 0..<tiles).count } }

    /// Whether the last tile along an axis has this position; of no such tile every one.
    private func hasPosition(_ outputs: Int32, _ position: Int) -> Bool {
        outputs == 0 || assay_winograd_has_position(isStrided ? 9 : 6, outputs, Int32(position)) != 0
    }

    /// Floats from one position to the next of at least `count`: an odd number of pairs of cache lines, so that the
    /// values of a tile do not fall into the same few cache sets (input transform at 128 channels: 190 ns against 40).
    static func positionStride(_ count: Int) -> Int { (count + 31) / 64 * 64 + 32 }

    // MARK: Forward

    /// v [positions][tiles, inputs], rows `rowStride` and positions `positionStride` apart, from x.
    func input(
        _ x: UnsafePointer<Float>, _ affine: AssayAffine, _ tiles: Range<Int>, _ v: Floats, rowStride: Int,
        positionStride: Int
    ) {
        (isStrided ? assay_winograd_strided_input : assay_winograd_input)(
            x, affine, window, Int64(tiles.lowerBound), Int64(tiles.count), v, Int64(rowStride), Int64(positionStride))
    }

    /// `channels` of y, whose positions are `yStride` apart, from m [positions][tiles, channels].
    func output(
        _ m: Floats, rowStride: Int, positionStride: Int, _ tiles: Range<Int>, channels: Int, _ y: Floats, yStride: Int,
        _ epilogue: Epilogue
    ) {
        (isStrided ? assay_winograd_strided_output : assay_winograd_output)(
            m, Int64(rowStride), Int64(positionStride), window, Int64(channels), Int64(tiles.lowerBound),
            Int64(tiles.count), y, Int64(yStride), epilogue)
    }

    // MARK: Backward

    /// v [positions][tiles, outputs] of the data gradient, from dy.
    func backInput(
        _ dy: UnsafePointer<Float>, _ tiles: Range<Int>, _ v: Floats, rowStride: Int, positionStride: Int
    ) {
        if isStrided {
            assay_winograd_strided_back_input(
                dy, window, Int64(outputs), Int64(tiles.lowerBound), Int64(tiles.count), v, Int64(rowStride),
                Int64(positionStride))
        } else {
            // The same convolution, of dy.
            var window = window
            window.channels = Int32(outputs)
            assay_winograd_input(
                dy, .none, window, Int64(tiles.lowerBound), Int64(tiles.count), v, Int64(rowStride),
                Int64(positionStride))
        }
    }

    /// `channels` of dx, whose positions are `dxStride` apart, from m [positions][tiles, channels].
    func backOutput(
        _ m: Floats, rowStride: Int, positionStride: Int, _ tiles: Range<Int>, channels: Int, _ dx: Floats,
        dxStride: Int, _ epilogue: Epilogue
    ) {
        (isStrided ? assay_winograd_strided_back_output : assay_winograd_output)(
            m, Int64(rowStride), Int64(positionStride), window, Int64(channels), Int64(tiles.lowerBound),
            Int64(tiles.count), dx, Int64(dxStride), epilogue)
    }

    /// panels [positions][panel][tiles][panel width] of the weight gradient, from dy.
    func outputGradient(
        _ dy: UnsafePointer<Float>, _ tiles: Range<Int>, _ panels: Floats, panelStride: Int, positionStride: Int
    ) {
        (isStrided ? assay_winograd_strided_output_gradient : assay_winograd_output_gradient)(
            dy, window, Int64(outputs), Int64(tiles.lowerBound), Int64(tiles.count), panels, Int64(panelStride),
            Int64(positionStride))
    }
}
