/// A norm's sums over a map are taken by the convolution or pool that writes the map, where it can: forward of its output, backward
/// of the gradient that it is the last to add to. Reading 51 MB once more takes 1.5 ms.
extension TrainingPlan {
    func norm(_ step: Step) -> BatchNorm? { BatchNorm(graph.nodes[step.node].operation, shapes[step.inputs[0]]) }

    /// What came through the ReLU after a norm.
    func passed(_ step: Step) -> BatchNorm.Passed {
        if let gates = gates(step.output) { return .gates(gates) }
        if !step.relu { return .all }
        return layout.deferred[step.output] == nil ? .output(UnsafePointer(value(step.output))) : .again
    }

    /// Of `output`, for the norm that reads it.
    func outputSums(_ output: Int, pieces: Int) -> FinishedRows {
        guard pieces > 0, let reader = layout.normReading[output], let norm = norm(reader) else { return .none }
        let sums = ChannelSums(channels: shapes[output].channels, pieces: pieces)
        self.sums[output] = sums
        let y = value(output)
        return FinishedRows(sums: sums) { rows, channels, piece in norm.sum(y, rows, channels, piece: piece, sums) }
    }

    /// Of the gradient with respect to `input`, for the norm that made it.
    func gradientSums(_ input: Int, writer step: Step, pieces: Int) -> FinishedRows {
        guard pieces > 0, lastWriter[input] == step.output, let maker = layout.normMaking[input],
            let norm = norm(maker), let saved = saved(maker.node)
        else { return .none }
        let sums = ChannelSums(channels: shapes[input].channels, pieces: pieces)
        self.sums[input] = sums
        let (x, dy, passed) = (source(maker.inputs[0]).pointer, gradient(input), passed(maker))
        return FinishedRows(alsoRead: x) { rows, channels, piece in
            norm.gradientSum(x, dy, passed, saved, rows, channels, piece: piece, sums)
        }
    }
}
