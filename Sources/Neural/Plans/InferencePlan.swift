import CKernels

/// Runs a graph on batches of one shape: batch norms folded, bias, add and ReLU fused, one arena shared by lifetime.
///
/// Input `[N, H, W, C]` normalised floats; output logits `[N, labels]`, row-major.
public final class InferencePlan {
    let layout: InferenceLayout
    private let workers: Workers
    private let arena: FloatBuffer
    private let scratch: FloatBuffer
    /// Folded and packed weight, and bias, of each step that multiplies, by its output.
    private var folded: [Int: (weight: FloatBuffer, bias: [Float]?)] = [:]
    private var norms: [Int: (scale: [Float], shift: [Float])] = [:]
    /// Called after each step with its index and seconds; for profiles.
    var onStep: ((Int, Double) -> Void)?

    private var graph: Graph { layout.graph }
    private var shapes: [MapShape] { layout.shapes }
    private var steps: [Step] { layout.steps }
    /// Images a batch at most.
    public var batchSize: Int { layout.batchSize }
    /// Values of an image's output: labels, or features of a body.
    public var outputChannels: Int { shapes[steps[steps.count - 1].output].channels }
    private var segments: [InferenceSlices.Segment] { layout.segments }
    private var imageSize: Int { shapes[0].of(images: 1).count }
    /// What this plan holds.
    public var memory: MemoryPlan { layout.memory }

    /// - Parameter discardsWeights: whether the plan may give the weights' memory back as it packs them: `parameters`
    ///   are of no use afterwards, and the peak is lower by nearly all of them.
    /// - Throws: `GraphError` if the shapes do not fit, or memory is refused.
    public init(
        _ graph: Graph, _ parameters: Parameters, input: MapShape, workers: Workers,
        method: ConvolutionMethod = .fastest, discardsWeights: Bool = false
    ) throws {
        layout = try InferenceLayout(graph, input: input, threads: workers.count, method: method)
        self.workers = workers
        arena = try FloatBuffer(count: layout.arenaCount)
        scratch = try FloatBuffer(count: layout.scratchCount)
        for segment in segments {
            for step in steps[segment.steps] {
                try fold(step, parameters, images: segment.images, discards: discardsWeights)
            }
        }
    }

    /// Bakes a step's parameters, with the batch norm that follows a convolution multiplied into them.
    private func fold(_ step: Step, _ parameters: Parameters, images: Int, discards: Bool) throws {
        let node = graph.nodes[step.node]
        switch node.operation {
        case .convolution(_, let out, _, _, _, let hasBias), .linear(_, let out, let hasBias):
            guard let entry = parameters.layout.entry("\(node.name).weight"),
                let algorithm = algorithm(step, images: images)
            else { return }
            let weight = try FloatBuffer(count: entry.count)
            weight.pointer.update(from: parameters.values.pointer + entry.offset, count: entry.count)
            if discards { parameters.values.discard(entry.range) }
            var bias = [Float](repeating: 0, count: out)
            if hasBias, let entry = parameters.layout.entry("\(node.name).bias") {
                bias = parameters.values.copy(entry.range)
            }
            if let norm = step.folded {
                let (scale, shift) = parameters.normScale(graph.nodes[norm])
                for row in 0..<entry.count / out {
                    let at = weight.pointer + row * out
                    for c in 0..<out { at[c] *= scale[c] }
                }
                for c in 0..<out { bias[c] = bias[c] * scale[c] + shift[c] }
            }
            let packed = try FloatBuffer(count: layout.weightCounts[step.output] ?? 0)
            algorithm.packForward(weight.pointer, into: packed.pointer, workers)
            folded[step.output] = (packed, hasBias || step.folded != nil ? bias : nil)
        case .batchNorm: norms[step.output] = parameters.normScale(node)
        default: break
        }
    }

    private func shape(_ node: Int, images: Int) -> MapShape { shapes[node].of(images: images) }

    private func algorithm(_ step: Step, images: Int) -> (any ConvolutionAlgorithm)? {
        guard let input = step.inputs.first, let method = layout.methods[step.output],
            let convolution = Convolution(
                graph.nodes[step.node].operation, input: shape(input, images: images),
                output: shape(step.node, images: images))
        else { return nil }
        // The planned algorithm, however few images come: its weights are packed.
        return method.algorithm(for: convolution)
    }

    /// The logits of `count` images, 1...batchSize of them: the whole map of a graph that ends in one.
    public func run(_ images: [Float], count: Int) -> [Float] {
        precondition((1...batchSize).contains(count), "a plan for \(batchSize) images got \(count)")
        precondition(images.count >= imageSize * count, "\(count) images need \(imageSize * count) values")
        let last = steps[steps.count - 1].output
        var logits: [Float] = []
        logits.reserveCapacity(shape(last, images: count).count)
        images.withUnsafeBufferPointer { source in
            guard let base = source.baseAddress, let segment = segments.indices.last else { return }
            for first in Swift.stride(from: 0, to: count, by: segments[segment].images) {
                let images = min(segments[segment].images, count - first)
                run(segment, base + first * imageSize, images, at: 0)
                logits += UnsafeBufferPointer(start: value(last), count: shape(last, images: images).count)
            }
        }
        return logits
    }

    /// Runs a segment, and all before it, on `count` images, at most its own slice, which are a part of the next one's
    /// slice that begins at image `at`.
    private func run(_ segment: Int, _ source: UnsafePointer<Float>, _ count: Int, at: Int) {
        if segment == 0 {
            workers.copy(source, to: value(0), count: count * imageSize)
        } else {
            let slice = segments[segment - 1].images
            for first in Swift.stride(from: 0, to: count, by: slice) {
                run(segment - 1, source + first * imageSize, min(slice, count - first), at: first)
            }
        }
        let range = segments[segment].steps
        for index in range {
            timed(index) { run(steps[index], images: count, at: index + 1 == range.upperBound ? at : 0) }
        }
    }

    private func timed(_ index: Int, _ body: () -> Void) {
        guard let onStep else { return body() }
        onStep(index, StepClock.seconds(body))
    }

    private func value(_ node: Int) -> Floats { arena.pointer + (layout.offsets[node] ?? 0) }

    /// - Parameter at: the image of the output's place at which the slice's first one goes.
    private func run(_ step: Step, images: Int, at: Int) {
        func shape(_ node: Int) -> MapShape { self.shape(node, images: images) }
        let input = step.inputs.first ?? 0
        let (x, y) = (value(input), value(step.output) + at * self.shape(step.output, images: 1).count)
        switch graph.nodes[step.node].operation {
        case .convolution, .linear:
            guard let algorithm = algorithm(step, images: images), let (weight, bias) = folded[step.output] else {
                return
            }
            let residual = step.residual.map { UnsafePointer(value($0)) }
            let run = { (bias: UnsafePointer<Float>?) in
                algorithm.forward(
                    x, .none, packed: weight.pointer, y,
                    Epilogue(bias: bias, residual: residual, hasReLU: step.relu), .none, scratch: self.scratch.pointer,
                    self.workers)
            }
            if let bias { bias.withUnsafeBufferPointer { run($0.baseAddress) } } else { run(nil) }
        case .batchNorm(_, let epsilon, let momentum):
            guard let (scale, shift) = norms[step.output] else { return }
            BatchNorm(shape: shape(input), epsilon: epsilon, momentum: momentum).apply(
                x, residual: step.residual.map { UnsafePointer(value($0)) }, .none, scale, shift, y, relu: step.relu,
                workers)
        case .relu: assay_relu(x, y, Int64(shape(input).count))
        case .add: assay_sum(x, value(step.inputs[1]), y, Int64(shape(input).count))
        case .maxPool(let kernel, let stride, let padding):
            MaxPool(input: shape(input), output: shape(step.node), kernel: kernel, stride: stride, padding: padding)
                .forward(x, .none, y, position: nil, workers)
        case .globalAveragePool: GlobalPool(input: shape(input)).average(x, y, workers)
        case .globalMaxPool:
            scratch.pointer.withMemoryRebound(to: Int32.self, capacity: scratch.count) {
                GlobalPool(input: shape(input)).maximum(x, y, position: $0, workers)
            }
        case .concatenate:
            let (a, b) = (shapes[step.inputs[0]].channels, shapes[step.inputs[1]].channels)
            for image in 0..<images {
                (y + image * (a + b)).update(from: x + image * a, count: a)
                (y + image * (a + b) + a).update(from: value(step.inputs[1]) + image * b, count: b)
            }
        case .dropout, .input: break
        }
    }
}

extension Parameters {
    /// Batch norm as y = x * scale + shift, from the running statistics.
    func normScale(_ node: Graph.Node) -> (scale: [Float], shift: [Float]) {
        guard case .batchNorm(let channels, let epsilon, _) = node.operation,
            let weight = layout.entry("\(node.name).weight"), let bias = layout.entry("\(node.name).bias"),
            let mean = layout.entry("\(node.name).running_mean"),
            let variance = layout.entry("\(node.name).running_var")
        else { return ([], []) }
        var scale = [Float](repeating: 0, count: channels)
        var shift = scale
        for c in 0..<channels {
            let inverse = 1 / (Double(buffers.pointer[variance.offset + c]) + Double(epsilon)).squareRoot()
            let factor = Double(values.pointer[weight.offset + c]) * inverse
            scale[c] = Float(factor)
            shift[c] = Float(
                Double(values.pointer[bias.offset + c]) - Double(buffers.pointer[mean.offset + c]) * factor)
        }
        return (scale, shift)
    }
}
