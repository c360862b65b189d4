import CKernels

/// Each step's forward beside its backward.
extension TrainingPlan {
    private func parameter(_ node: Int, _ suffix: String, in buffer: FloatBuffer) -> Floats {
        let name = "\(graph.nodes[node].name).\(suffix)"
        guard let entry = parameters.layout.entry(name) else {
            preconditionFailure("the layout was made from this graph, so it has \(name)")
        }
        return buffer.pointer + entry.offset
    }

    private func algorithm(_ step: Step) -> (any ConvolutionAlgorithm)? {
        Convolution(graph.nodes[step.node].operation, from: shapes, step).flatMap {
            layout.methods[step.output]?.algorithm(for: $0)
        }
    }

    func forward(_ step: Step) {
        let node = graph.nodes[step.node]
        let input = step.inputs[0]
        let (x, affine) = source(input)
        let y = value(step.output)
        switch node.operation {
        case .convolution(_, _, _, _, _, let bias), .linear(_, _, let bias):
            guard let algorithm = algorithm(step) else { return }
            var epilogue = Epilogue(
                bias: bias ? UnsafePointer(parameter(step.node, "bias", in: parameters.values)) : nil)
            epilogue.isStreamed = shapes[step.output].isStreamed ? 1 : 0
            algorithm.forward(
                x, affine, weight: parameter(step.node, "weight", in: parameters.values), y, epilogue,
                outputSums(step.output, pieces: algorithm.finishedPieces(.forward)), scratch: scratch, workers)
        case .batchNorm:
            guard let norm = norm(step), let saved = saved(step.node) else { return }
            norm.measure(
                x, sums.removeValue(forKey: input), weight: parameter(step.node, "weight", in: parameters.values),
                bias: parameter(step.node, "bias", in: parameters.values),
                runningMean: parameter(step.node, "running_mean", in: parameters.buffers),
                runningVariance: parameter(step.node, "running_var", in: parameters.buffers), saved, workers)
            guard layout.deferred[step.output] == nil else { return }
            let residual = step.residual.map(source)
            if let residual, let gates = gates(step.output) {
                return norm.apply(x, residual: residual.pointer, residual.affine, saved, y, gates, workers)
            }
            norm.apply(
                x, residual: residual.map { UnsafePointer($0.pointer) }, residual?.affine ?? .none, saved.scale,
                saved.shift, y, relu: step.relu, workers)
        case .relu: assay_relu(x, y, Int64(shapes[input].count))
        case .add: assay_sum(x, value(step.inputs[1]), y, Int64(shapes[input].count))
        case .maxPool:
            maxPool(step)?.forward(x, affine, y, position: windows(step.node), workers)
        case .globalAveragePool: GlobalPool(input: shapes[input]).average(x, y, workers)
        case .globalMaxPool:
            maxima[step.node]?.withUnsafeMutableBufferPointer {
                if let base = $0.baseAddress { GlobalPool(input: shapes[input]).maximum(x, y, position: base, workers) }
            }
        case .concatenate:
            forEachHalf(step) { image, whole, first, second in
                (y + whole).update(from: x + image * first, count: first)
                (y + whole + first).update(from: value(step.inputs[1]) + image * second, count: second)
            }
        case .dropout(let probability):
            dropout(step.node, probability).apply(x, y, count: shapes[input].count)
        case .input: break
        }
    }

    func backward(_ step: Step) {
        let node = graph.nodes[step.node]
        let input = step.inputs[0]
        let (x, affine) = source(input)
        let dy = gradient(step.output)
        let wantsInput = wants(input)
        switch node.operation {
        case .convolution(_, _, _, _, _, let bias), .linear(_, _, let bias):
            guard let algorithm = algorithm(step) else { return }
            if let fused = layout.fused[step.output], let gradient = inputGradients.removeValue(forKey: step.output) {
                return backward(step, fused, gradient)
            }
            if trains.contains(step.node) {
                algorithm.backwardWeight(
                    x, affine, dy, parameter(step.node, "weight", in: parameters.gradients), scratch: scratch, workers)
                if bias {
                    algorithm.convolution.backwardBias(dy, parameter(step.node, "bias", in: parameters.gradients))
                }
            }
            if wantsInput {
                algorithm.backwardData(
                    dy, weight: parameter(step.node, "weight", in: parameters.values), gradient(input),
                    accumulate: claimGradient(input),
                    gradientSums(input, writer: step, pieces: algorithm.finishedPieces(.backwardData)),
                    scratch: scratch,
                    workers)
            }
        case .batchNorm:
            guard let norm = norm(step), let saved = saved(step.node) else { return }
            let residual = step.residual.flatMap { wants($0) ? $0 : nil }
            let accumulate = residual.map(claimGradient) ?? false
            if wantsInput { precondition(!claimGradient(input), "a batch norm is its input's only reader") }
            let (dWeight, dBias) = (
                parameter(step.node, "weight", in: parameters.gradients),
                parameter(step.node, "bias", in: parameters.gradients)
            )
            let weight = parameter(step.node, "weight", in: parameters.values)
            let pooled = layout.pooled[step.output].flatMap(pooledGradient)
            let made = norm.inputGradient(
                x, pooled.map { .pooled($0) } ?? .stored(dy), passed(step), sums.removeValue(forKey: step.output),
                weight: weight, saved, dWeight: dWeight, dBias: dBias, dResidual: residual.map(gradient),
                accumulatesResidual: accumulate, workers)
            if wantsInput, layout.fused[input] != nil {
                inputGradients[input] = made
            } else if wantsInput || residual != nil {
                // Its own gradient's place is the input's.
                made.store(in: dy, workers)
            }
        case .relu:
            guard wantsInput else { return }
            assay_relu_backward(
                value(step.output), dy, gradient(input), claimGradient(input) ? 1 : 0, Int64(shapes[input].count))
        case .add:
            for source in step.inputs where wants(source) {
                assay_accumulate(dy, gradient(source), claimGradient(source) ? 1 : 0, Int64(shapes[source].count))
            }
        case .maxPool:
            // The norm before makes the gradient itself.
            guard wantsInput, layout.pooled[input] == nil, let pool = maxPool(step), let position = windows(step.node)
            else { return }
            pool.backward(
                dy, position: position, gradient(input), accumulate: claimGradient(input),
                gradientSums(input, writer: step, pieces: pool.finishedPieces), workers)
        case .globalAveragePool:
            guard wantsInput else { return }
            GlobalPool(input: shapes[input]).averageBackward(
                dy, gradient(input), accumulate: claimGradient(input), workers)
        case .globalMaxPool:
            guard wantsInput else { return }
            maxima[step.node]?.withUnsafeBufferPointer {
                guard let base = $0.baseAddress else { return }
                GlobalPool(input: shapes[input]).maximumBackward(
                    dy, position: base, gradient(input), accumulate: claimGradient(input), workers)
            }
        case .concatenate:
            let accumulate = step.inputs.map { wants($0) ? claimGradient($0) : false }
            forEachHalf(step) { image, whole, first, second in
                if wants(step.inputs[0]) {
                    assay_accumulate(
                        dy + whole, gradient(step.inputs[0]) + image * first, accumulate[0] ? 1 : 0, Int64(first))
                }
                if wants(step.inputs[1]) {
                    assay_accumulate(
                        dy + whole + first, gradient(step.inputs[1]) + image * second, accumulate[1] ? 1 : 0,
                        Int64(second))
                }
            }
        case .dropout(let probability):
            guard wantsInput else { return }
            dropout(step.node, probability).apply(
                dy, gradient(input), accumulate: claimGradient(input), count: shapes[input].count)
        case .input: break
        }
    }

    /// A convolution's backward from a gradient that it makes itself.
    private func backward(_ step: Step, _ fused: any FusedBackward, _ gradient: BatchNorm.InputGradient) {
        let input = step.inputs[0]
        let (x, affine) = source(input)
        var target: DataGradientTarget?
        if wants(input) {
            target = DataGradientTarget(
                dx: self.gradient(input), accumulates: claimGradient(input),
                finished: gradientSums(input, writer: step, pieces: fused.pieces))
        }
        fused.run(
            x, affine, gradient, weight: parameter(step.node, "weight", in: parameters.values),
            dWeight: trains.contains(step.node) ? parameter(step.node, "weight", in: parameters.gradients) : nil,
            target, scratch: scratch, workers)
    }

    private func maxPool(_ step: Step) -> MaxPool? {
        MaxPool(graph.nodes[step.node].operation, from: shapes, step)
    }

    /// The gradient that a pool hands to the norm before it.
    private func pooledGradient(_ pool: Step) -> PooledGradient? {
        guard let position = windows(pool.node), let maxPool = maxPool(pool) else { return nil }
        return PooledGradient(pool: maxPool, dy: gradient(pool.output), position: position, scratch: scratch)
    }

    /// For each image of a concatenation: its index, its offset in the output, and both widths.
    private func forEachHalf(_ step: Step, _ body: (Int, Int, Int, Int) -> Void) {
        let (first, second) = (shapes[step.inputs[0]].channels, shapes[step.inputs[1]].channels)
        for image in 0..<shapes[step.output].images { body(image, image * (first + second), first, second) }
    }
}
