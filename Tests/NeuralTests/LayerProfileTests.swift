import CKernels
import Neural
import Testing

@Suite struct LayerProfileTests {
    private func network() throws -> (Graph, Parameters, MapShape) {
        let graph = try ResNet(named: "resnet10s").graph(labelCount: 3, head: .linear)
        let parameters = try Parameters(graph)
        parameters.initialise(seed: 1)
        return (graph, parameters, MapShape(images: 2, height: 32, width: 32, channels: 3))
    }

    /// Results do not tell which algorithm made them; what makes a ResNet fast is that 3x3 layers have Winograd, on every CPU
    /// whose vectors the kernels here are made for.
    @Test func theFastestIsWinogradFor3x3() throws {
        let graph = try ResNet(named: "resnet18").graph(labelCount: 3, head: .linear)
        let parameters = try Parameters(graph)
        let shape = MapShape(images: 4, height: 64, width: 64, channels: 3)
        let workers = Workers(count: 2)
        let plans = try [
            InferencePlan(graph, parameters, input: shape, workers: workers).profile(repeats: 1),
            TrainingPlan(graph, parameters, input: shape, workers: workers).profile(repeats: 1),
        ]
        for layers in plans {
            let methods = Dictionary(uniqueKeysWithValues: layers.map { ($0.name, $0.method) })
            let (large, others) = assay_vector_level() > 0 ? ("winograd", "direct") : ("openBLAS", "openBLAS")
            #expect(methods["layer1.0.conv1"] == large && methods["layer2.1.conv2"] == large)
            #expect(methods["layer2.0.downsample.0"] == others && methods["fc"] == others)
        }
    }

    /// Winograd's F(4x4, 3x3) makes 36 products for the 144 of a whole tile; the others make what they count.
    @Test(arguments: [ConvolutionMethod.winograd, .direct])
    func winogradMakesAQuarterOfTheProducts(_ method: ConvolutionMethod) throws {
        let (graph, parameters, shape) = try network()
        let workers = Workers(count: 1)
        let inference = try InferencePlan(graph, parameters, input: shape, workers: workers, method: method)
        let training = try TrainingPlan(graph, parameters, input: shape, workers: workers, method: method)
        for layers in [inference.profile(repeats: 1), training.profile(repeats: 1)] {
            let convolutions = layers.filter { $0.multiplyAdds > 0 }
            #expect(
                convolutions.count > 8 && convolutions.contains { $0.method == "winograd" } == (method == .winograd))
            for layer in convolutions where layer.method != "winograd" {
                #expect(layer.executedMultiplyAdds == layer.multiplyAdds, "\(layer.name)")
            }
            let whole = try #require(convolutions.first { $0.name == "layer1.0.conv1" })
            #expect(whole.executedMultiplyAdds * (method == .winograd ? 4 : 1) == whole.multiplyAdds)
        }
        // Forward and both gradients, but for the image, which nobody differentiates.
        let (once, thrice) = (inference.profile(repeats: 1), training.profile(repeats: 1))
        let (a, b) = (once.first { $0.name == "layer1.0.conv1" }, thrice.first { $0.name == "layer1.0.conv1" })
        #expect(a.map { 3 * $0.executedMultiplyAdds } == b?.executedMultiplyAdds)
    }
}
