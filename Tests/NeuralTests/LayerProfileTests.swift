import Neural
import Testing

@Suite struct LayerProfileTests {
    private func network() throws -> (Graph, Parameters, MapShape) {
        let graph = try ResNet(named: "resnet10s").graph(labelCount: 3, head: .linear)
        let parameters = try Parameters(graph)
        parameters.initialise(seed: 1)
        return (graph, parameters, MapShape(images: 2, height: 32, width: 32, channels: 3))
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
