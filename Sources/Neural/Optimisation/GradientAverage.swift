/// The mean gradient of several batches, for steps larger than memory.
public final class GradientAverage {
    private let parameters: Parameters
    private let sum: FloatBuffer
    private var count = 0

    public init(_ parameters: Parameters) {
        self.parameters = parameters
        sum = FloatBuffer(count: parameters.gradients.count)
    }

    /// Takes in the gradients of the backward pass that was last.
    public func add() {
        let from = parameters.gradients.pointer
        for i in 0..<sum.count { sum.pointer[i] = count == 0 ? from[i] : sum.pointer[i] + from[i] }
        count += 1
    }

    /// Puts the mean in the gradients' place and starts anew.
    public func finish() {
        guard count > 0 else { return }
        let share = 1 / Float(count)
        for i in 0..<sum.count { parameters.gradients.pointer[i] = sum.pointer[i] * share }
        count = 0
    }
}

extension Parameters {
    /// Scales the gradients of the parameters that `trains` names so that their common Euclidean norm is at most `norm`: by
    /// norm / (total + 1e-6) where that is below 1, as PyTorch's `clip_grad_norm_`.
    public func clipGradients(norm: Double, trains: (String) -> Bool) {
        let entries = layout.parameters.filter { trains($0.name) }
        var total = 0.0
        for entry in entries {
            for i in entry.range { total += Double(gradients.pointer[i]) * Double(gradients.pointer[i]) }
        }
        let scale = Float(norm / (total.squareRoot() + 1e-6))
        guard scale < 1 else { return }
        for entry in entries { for i in entry.range { gradients.pointer[i] *= scale } }
    }
}
