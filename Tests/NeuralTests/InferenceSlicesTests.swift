import Neural
import Testing

/// Batches that go through the first layers in slices of the slices of later ones.
@Suite struct InferenceSlicesTests {
    @Test(arguments: [9, 8, 4, 2, 1])
    func imagesAnswerAsAlone(_ count: Int) throws {
        let graph = try ResNet(named: "resnet18").graph(labelCount: 3, head: .linear)
        let parameters = try Parameters(graph)
        parameters.initialise(seed: 6)
        func shape(_ images: Int) -> MapShape { MapShape(images: images, height: 256, width: 240, channels: 3) }
        let workers = Workers(count: 2)
        let sizes = try InferenceLayout(graph, input: shape(9), threads: 2).sliceSizes
        #expect(sizes.count >= 3 && sizes.last == 9 && sizes == sizes.sorted(), "slices that do not divide each other")
        let images = ReferenceNumbers.images(9, 256, 240)
        let size = images.count / 9
        let alone = try InferencePlan(graph, parameters, input: shape(1), workers: workers)
        let expected = (0..<count).flatMap { alone.run(Array(images[$0 * size..<($0 + 1) * size]), count: 1) }
        let plan = try InferencePlan(graph, parameters, input: shape(9), workers: workers)
        // What an earlier run left behind must not matter.
        _ = plan.run(images.reversed(), count: 9)
        let found = plan.run(images, count: count)
        #expect(found.count == 3 * count)
        for (index, value) in found.enumerated() {
            #expect(abs(value - expected[index]) <= 2e-5 * max(1, abs(expected[index])), "image \(index / 3)")
        }
    }

    /// Large maps ask for few images, heavy weights for many.
    @Test func firstLayersTakeFewImagesAndLastOnesMany() throws {
        let graph = try ResNet(named: "resnet50").graph(labelCount: 8, head: .linear)
        for batch in [16, 64] {
            let layout = try InferenceLayout(
                graph, input: MapShape(images: batch, height: 224, width: 224, channels: 3), threads: 2)
            let sizes = layout.sliceSizes
            #expect((1...4).contains(sizes[0]) && sizes[sizes.count - 1] >= 16 && sizes == sizes.sorted())
            #expect(layout.memory.activations <= 64 << 20)
        }
        let small = MapShape(images: 16, height: 32, width: 32, channels: 3)
        #expect(try InferenceLayout(graph, input: small, threads: 2).sliceSizes == [16], "all stays near")
    }
}
