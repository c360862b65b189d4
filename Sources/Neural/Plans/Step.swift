/// One thing a plan does: a node together with the cheap nodes that are fused into it.
struct Step {
    /// The node whose operation and parameters this is.
    var node: Int
    /// Values it reads.
    var inputs: [Int]
    /// A batch norm folded into a convolution (inference only).
    var folded: Int?
    /// A value added before the ReLU.
    var residual: Int?
    var relu = false
    /// The value (node index) it produces.
    var output: Int

    /// Every value it reads.
    var reads: [Int] { inputs + (residual.map { [$0] } ?? []) }
}

extension Graph {
    /// The nodes as fused steps in an order that respects their inputs.
    ///
    /// Training fuses an add and a ReLU into the batch norm before them; inference fuses batch norm, add and ReLU
    /// into the convolution before them, and skips dropout.
    func steps(forInference: Bool) -> [Step] {
        var readers = [[Int]](repeating: [], count: nodes.count)
        for (index, node) in nodes.enumerated() { for input in node.inputs { readers[input].append(index) } }
        var claimed = [Bool](repeating: false, count: nodes.count)
        var alias = Array(nodes.indices)
        var byOutput: [Int: Step] = [:]

        /// The one reader of `value`, if it has just one that no step has taken yet.
        func onlyReader(_ value: Int) -> Int? {
            guard readers[value].count == 1, let reader = readers[value].first, !claimed[reader] else { return nil }
            return reader
        }

        for (index, node) in nodes.enumerated() where !claimed[index] {
            if case .input = node.operation { continue }
            if case .dropout = node.operation, forInference {
                alias[index] = alias[node.inputs[0]]
                continue
            }
            var step = Step(node: index, inputs: node.inputs, output: index)
            var isConvolution = false
            var isNorm = false
            if case .convolution = node.operation { isConvolution = true }
            if case .batchNorm = node.operation { isNorm = true }
            if forInference, isConvolution, let reader = onlyReader(step.output),
                case .batchNorm = nodes[reader].operation
            {
                step.folded = reader
                step.output = reader
                claimed[reader] = true
            }
            if isNorm || (forInference && isConvolution) {
                if let reader = onlyReader(step.output), case .add = nodes[reader].operation,
                    let other = nodes[reader].inputs.first(where: { $0 != step.output })
                {
                    step.residual = other
                    step.output = reader
                    claimed[reader] = true
                }
                if let reader = onlyReader(step.output), case .relu = nodes[reader].operation {
                    step.relu = true
                    step.output = reader
                    claimed[reader] = true
                }
            }
            byOutput[step.output] = step
        }
        return byOutput.keys.sorted().compactMap { output in
            guard var step = byOutput[output] else { return nil }
            step.inputs = step.inputs.map { alias[$0] }
            step.residual = step.residual.map { alias[$0] }
            return step
        }
    }
}
