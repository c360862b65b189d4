import CKernels

/// Where a plan's time goes.
public struct LayerProfile: Sendable, Equatable {
    public let name: String
    public let kind: String
    /// `winograd`, `direct` or `openBLAS` for what multiplies; nil else.
    public let method: String?
    /// Median seconds over the repeats, forward and backward together in training. Where a convolution makes the gradient of
    /// what it hands to a norm (`FusedBackward`), that is counted with the convolution.
    public let seconds: Double
    /// Multiply-adds, counted directly; in training those of forward and both gradients.
    public let multiplyAdds: Int
    /// Those of the products that were really made, of which Winograd needs fewer.
    public let executedMultiplyAdds: Int

    /// Directly counted floating-point operations a second: above the machine's peak where Winograd saves products.
    public var flops: Double { seconds > 0 ? 2 * Double(multiplyAdds) / seconds : 0 }
    /// Floating-point operations a second of the products that were made.
    public var executedFlops: Double { seconds > 0 ? 2 * Double(executedMultiplyAdds) / seconds : 0 }

    /// Multiply-adds a second that `threads` threads reach with all operands in registers, times two: the peak.
    public static func peakFlops(threads: Int) -> Double {
        let rounds = 2_000_000
        var best = Double.infinity
        for _ in 0..<5 {
            let seconds = StepClock.seconds {
                Workers(count: threads).run(threads) { _, _ in _ = assay_multiply_add_loop(Int64(rounds)) }
            }
            best = min(best, seconds)
        }
        return Double(threads) * Double(rounds) * Double(assay_multiply_add_loop_operations()) / best
    }
}

enum StepClock {
    /// Wall time of `body`.
    static func seconds(_ body: () -> Void) -> Double {
        let duration = ContinuousClock().measure(body)
        return Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    }
}

/// Seconds of each step over several passes.
private struct StepTimes {
    private var seconds: [Int: [Double]] = [:]

    mutating func add(_ pass: [Int: Double]) { for (step, time) in pass { seconds[step, default: []].append(time) } }

    func median(_ step: Int) -> Double {
        let sorted = (seconds[step] ?? []).sorted()
        return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    }
}

extension InferencePlan {
    /// Median time of each step over `repeats` passes of a full batch of zeros, after one to warm up.
    public func profile(repeats: Int) -> [LayerProfile] {
        let images = [Float](repeating: 0, count: layout.shapes[0].count / layout.shapes[0].images * batchSize)
        var times = StepTimes()
        defer { onStep = nil }
        for pass in 0...repeats {
            var seconds: [Int: Double] = [:]
            onStep = { seconds[$0, default: 0] += $1 }
            _ = run(images, count: batchSize)
            if pass > 0 { times.add(seconds) }
        }
        return layout.steps.indices.map { profile(layout.steps[$0], times.median($0)) }
    }

    private func profile(_ step: Step, _ seconds: Double) -> LayerProfile {
        let node = layout.graph.nodes[step.node]
        let convolution = Convolution(node.operation, from: layout.shapes, step)
        let method = layout.methods[step.output]
        func ofBatch(_ count: Int) -> Int { count / layout.shapes[0].images * batchSize }
        return LayerProfile(
            name: node.name, kind: node.operation.summary, method: method.map { "\($0)" }, seconds: seconds,
            multiplyAdds: ofBatch(convolution?.multiplyAdds ?? 0),
            executedMultiplyAdds: ofBatch(executed(convolution, method, [.inference])))
    }
}

extension TrainingPlan {
    /// Median time of each step, forward and backward, over `repeats` training passes, after one to warm up.
    /// Fills the gradients; changes the running statistics.
    public func profile(repeats: Int) -> [LayerProfile] {
        let images = (0..<shapes[0].count).map { Float($0 % 251) / 125 - 1 }
        var times = StepTimes()
        defer { onStep = nil }
        for pass in 0...repeats {
            var seconds: [Int: Double] = [:]
            onStep = { seconds[$0, default: 0] += $1 }
            let logits = forward(images, randomSeed: UInt64(pass))
            backward(logits.map { $0 * 1e-3 })
            if pass > 0 { times.add(seconds) }
        }
        return layout.steps.indices.map { index in
            let step = layout.steps[index]
            let node = graph.nodes[step.node]
            let convolution = Convolution(node.operation, from: shapes, step)
            let passes: [ConvolutionPass] =
                [.forward] + (trains.contains(step.node) ? [.backwardWeight] : [])
                + (wants(step.inputs[0]) ? [.backwardData] : [])
            let method = layout.methods[step.output]
            return LayerProfile(
                name: node.name, kind: node.operation.summary, method: method.map { "\($0)" },
                seconds: times.median(index), multiplyAdds: passes.count * (convolution?.multiplyAdds ?? 0),
                executedMultiplyAdds: executed(convolution, method, passes))
        }
    }
}

/// Multiply-adds of the products that a method makes in some passes of a convolution.
private func executed(_ convolution: Convolution?, _ method: ConvolutionMethod?, _ passes: [ConvolutionPass]) -> Int {
    guard let convolution, let method else { return 0 }
    let algorithm = method.algorithm(for: convolution)
    return passes.reduce(0) { $0 + algorithm.executedMultiplyAdds($1) }
}
