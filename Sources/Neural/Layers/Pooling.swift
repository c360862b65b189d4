import CKernels

/// Maximum over square windows; padding never wins. Forward beside backward.
struct MaxPool {
    let input: MapShape
    let output: MapShape
    let kernel: Int
    let stride: Int
    let padding: Int

    private var window: AssayWindow {
        AssayWindow(
            height: Int32(input.height), width: Int32(input.width), channels: Int32(input.channels),
            outHeight: Int32(output.height), outWidth: Int32(output.width), kernel: Int32(kernel),
            stride: Int32(stride), padding: Int32(padding), images: Int32(input.images))
    }
    private var inputSize: Int { input.height * input.width * input.channels }
    private var outputSize: Int { output.height * output.width * output.channels }

    /// `position` (one byte an output, or nil in inference) remembers which tap won.
    func forward(
        _ x: UnsafePointer<Float>, _ affine: AssayAffine = .none, _ y: Floats,
        position: UnsafeMutablePointer<UInt8>?, _ workers: Workers
    ) {
        workers.run(input.images) { image, _ in
            assay_maxpool_forward(
                x + image * inputSize, affine, y + image * outputSize, position.map { $0 + image * outputSize }, window,
                1)
        }
    }

    /// Lines of the input that take about 128 KiB, and their pieces of an image.
    private var lines: Int { max(1, (1 << 15) / max(1, input.width * input.channels)) }
    var strips: Int { (input.height + lines - 1) / lines }
    /// Pieces in which backward finishes its map.
    var finishedPieces: Int { input.images * strips }

    /// Floats of a strip.
    var stripCount: Int { lines * input.width * input.channels }

    /// The rows of the map that a strip has.
    func rows(ofStrip strip: Int) -> Range<Int> {
        let (image, first) = (strip / strips, strip % strips * lines)
        let row = (image * input.height + first) * input.width
        return row..<row + min(lines, input.height - first) * input.width
    }

    /// Some rows of dx, whole lines of an image, which `target` points at.
    func backward(
        _ rows: Range<Int>, _ dy: UnsafePointer<Float>, position: UnsafePointer<UInt8>, _ target: Floats,
        accumulate: Bool
    ) {
        let (image, line) = (rows.lowerBound / input.width).quotientAndRemainder(dividingBy: input.height)
        assay_maxpool_backward(
            dy + image * outputSize, position + image * outputSize, target, accumulate ? 1 : 0, window, Int64(line),
            Int64(rows.count / input.width))
    }

    func backward(
        _ dy: UnsafePointer<Float>, position: UnsafePointer<UInt8>, _ dx: Floats, accumulate: Bool,
        _ finished: FinishedRows, _ workers: Workers
    ) {
        workers.run(finishedPieces) { piece, _ in
            let rows = rows(ofStrip: piece)
            backward(
                rows, dy, position: position, dx + rows.lowerBound * input.channels, accumulate: accumulate)
            finished(rows, channels: 0..<input.channels, piece: piece)
        }
    }
}

extension MaxPool {
    /// The pool of an operation; nil for other operations.
    init?(_ operation: Operation, from shapes: [MapShape], _ step: Step) {
        guard case .maxPool(let kernel, let stride, let padding) = operation else { return nil }
        self.init(
            input: shapes[step.inputs[0]], output: shapes[step.node], kernel: kernel, stride: stride, padding: padding)
    }
}

/// Mean or maximum over a whole map: `[N, H, W, C]` -> `[N, C]`.
struct GlobalPool {
    let input: MapShape
    private var area: Int { input.height * input.width }
    private var size: Int { area * input.channels }

    func average(_ x: UnsafePointer<Float>, _ y: Floats, _ workers: Workers) {
        workers.run(input.images) { image, _ in
            assay_global_average(x + image * size, y + image * input.channels, Int64(area), Int64(input.channels))
        }
    }

    func averageBackward(_ dy: UnsafePointer<Float>, _ dx: Floats, accumulate: Bool, _ workers: Workers) {
        let share = 1 / Float(area)
        workers.run(input.images) { image, _ in
            let gradient = dy + image * input.channels
            for row in 0..<area {
                let target = dx + image * size + row * input.channels
                if accumulate {
                    for c in 0..<input.channels { target[c] += gradient[c] * share }
                } else {
                    for c in 0..<input.channels { target[c] = gradient[c] * share }
                }
            }
        }
    }

    /// `position` `[N, C]`: the first row of the map where the maximum stands.
    func maximum(
        _ x: UnsafePointer<Float>, _ y: Floats, position: UnsafeMutablePointer<Int32>, _ workers: Workers
    ) {
        workers.run(input.images) { image, _ in
            assay_global_maximum(
                x + image * size, y + image * input.channels, position + image * input.channels, Int64(area),
                Int64(input.channels))
        }
    }

    func maximumBackward(
        _ dy: UnsafePointer<Float>, position: UnsafePointer<Int32>, _ dx: Floats, accumulate: Bool, _ workers: Workers
    ) {
        let channels = input.channels
        workers.run(input.images) { image, _ in
            let target = dx + image * size
            if !accumulate { target.update(repeating: 0, count: size) }
            for c in 0..<channels {
                target[Int(position[image * channels + c]) * channels + c] += dy[image * channels + c]
            }
        }
    }
}
