/// Fresh weights, a function of the seed and each parameter's place.
extension Parameters {
    /// Convolutions: Kaiming normal over fan-out (torchvision's ResNets, He et al. 2015). Linear layers: Kaiming normal
    /// over fan-in (fastai's head), biases 0. Batch norms: weight 1, bias 0, but 1e-3 in the fastai head.
    public func initialise(seed: UInt64) {
        for (index, entry) in layout.parameters.enumerated() {
            let target = values.pointer + entry.offset
            if entry.isNorm {
                let bias: Float = entry.name.hasPrefix("head.") ? 1e-3 : 0
                target.update(repeating: entry.isBias ? bias : 1, count: entry.count)
            } else if entry.isBias {
                target.update(repeating: 0, count: entry.count)
            } else {
                let fan = entry.shape.count == 4 ? entry.shape[0] * entry.shape[2] * entry.shape[3] : entry.shape[1]
                let deviation = (2 / Float(fan)).squareRoot()
                let random = CounterRandom(seed: seed, stream: UInt64(index))
                for i in 0..<entry.count { target[i] = deviation * random.normal(i) }
            }
        }
        for entry in layout.buffers {
            (buffers.pointer + entry.offset)
                .update(repeating: entry.name.hasSuffix("running_var") ? 1 : 0, count: entry.count)
        }
    }
}
