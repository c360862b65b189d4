import Evaluation
import ModelFiles
import Neural

/// What a checkpoint holds of a training.
extension Learner {
    /// Weights, optimiser and position, so that training can go on.
    public func checkpoint() -> Checkpoint {
        var state = parameters.stateDictionary()
        let parts = [
            optimiser.stateDictionary(), average?.parameters.stateDictionary().below("average."), best?.below("best."),
        ]
        for part in parts.compactMap({ $0 }) { state.merge(part) { first, _ in first } }
        return Checkpoint(
            config: config, position: position, data: dataDigest, lengths: data.lengthsDigest, state: state)
    }

    /// - Throws: `GraphError` if a tensor is missing or of another shape.
    func restore(_ checkpoint: Checkpoint) throws {
        try parameters.load(checkpoint.state)
        try optimiser.load(checkpoint.state)
        gradientAverage?.clear()
        if let average { try average.parameters.load(checkpoint.state.under("average.") ?? [:]) }
        best = checkpoint.state.under("best.")
        position = checkpoint.position
    }

    /// The answering network's weights as the bytes of `model.safetensors`.
    public func weightBytes() -> [UInt8] { SafeTensors.write(answering.stateDictionary()) }
}
