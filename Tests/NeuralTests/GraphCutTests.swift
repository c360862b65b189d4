import Neural
import Testing

@Suite struct GraphCutTests {
    @Test(arguments: ["resnet10s", "resnet18"], ResNet.Head.allCases)
    func bodyThenHeadIsTheWhole(_ arch: String, _ head: ResNet.Head) throws {
        let graph = try ResNet(named: arch).graph(labelCount: 3, head: head)
        let parameters = try Parameters(graph)
        parameters.initialise(seed: 4)
        let node = try #require(graph.features { ResNet.group(ofParameter: $0) == 2 })
        let parts = try graph.cut(after: node)
        let workers = Workers(count: 2)
        let shape = MapShape(images: 3, height: 45, width: 39, channels: 3)
        let images = ReferenceNumbers.images(3, 45, 39)
        let body = try InferencePlan(parts.body, parameters, input: shape, workers: workers)
        let features = body.run(images, count: 3)
        #expect(features.count == 3 * body.outputChannels)
        let rest = try InferencePlan(
            parts.head, parameters, input: MapShape(images: 3, height: 1, width: 1, channels: body.outputChannels),
            workers: workers)
        let whole = try InferencePlan(graph, parameters, input: shape, workers: workers)
        #expect(rest.run(features, count: 3) == whole.run(images, count: 3))
        // An image's features do not depend on those beside it, but for rounding.
        let last = body.run(Array(images[(2 * 45 * 39 * 3)...]), count: 1)
        #expect(relativeError(last, features[(2 * body.outputChannels)...].map(Double.init)) < 1e-6)
    }

    @Test func aCutThroughAShortcutIsRefused() throws {
        let graph = try ResNet(named: "resnet18").graph(labelCount: 3, head: .linear)
        let inside = try #require(graph.nodes.firstIndex { $0.name == "layer1.0.conv1" })
        #expect(throws: GraphError.self) { try graph.cut(after: inside) }
        for node in [-1, 0, graph.nodes.count - 1, graph.nodes.count] {
            #expect(throws: GraphError.self) { try graph.cut(after: node) }
        }
    }
}
