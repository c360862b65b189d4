import Neural
import Testing

@Suite struct NamedTensorTests {
    /// Batch norms divide by the root of the variance and 1e-5.
    @Test(arguments: [(0, true), (-0.9e-5, true), (-1e-5, false), (-1.1e-5, false), (.nan, false)] as [(Float, Bool)])
    func aVarianceIsUsableWhileItsRootIs(value: Float, isUsable: Bool) {
        let tensor = NamedTensor(shape: [2], values: [1, value])
        #expect(tensor.isUsable(asVariance: "bn1.running_var") == isUsable)
        #expect(tensor.isUsable(asVariance: "bn1.running_mean"))
    }
}
