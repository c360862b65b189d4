import Neural
import Testing

@Suite struct LayerSummaryTests {
    /// torchvision gives 1.814 and 4.089 billion multiply-adds, 11,689,512 and 25,557,032 parameters for 1000 classes at 224.
    @Test(arguments: [("resnet18", 1.814, 11_689_512), ("resnet50", 4.089, 25_557_032)])
    func countsAreTorchvisions(_ arch: String, _ billions: Double, _ parameters: Int) throws {
        let graph = try ResNet(named: arch).graph(labelCount: 1000, head: .linear)
        let layers = try LayerSummary.layers(
            graph, input: MapShape(images: 2, height: 224, width: 224, channels: 3))
        let adds = layers.reduce(0) { $0 + $1.multiplyAdds }
        #expect(abs(Double(adds) / 2e9 - billions) < 0.001)
        // Running statistics are none of theirs.
        let buffers = layers.filter { $0.kind == "batch norm" }.reduce(0) { $0 + $1.parameterCount / 2 }
        let all = layers.reduce(0) { $0 + $1.parameterCount }
        #expect(all == parameters || all - buffers == parameters)
    }

    @Test func kindsAreTold() throws {
        let graph = try ResNet(named: "resnet50").graph(labelCount: 3, head: .fastai)
        let layers = try LayerSummary.layers(graph, input: MapShape(images: 1, height: 64, width: 64, channels: 3))
        let kinds = Dictionary(layers.map { ($0.name, $0.kind) }, uniquingKeysWith: { first, _ in first })
        #expect(kinds["conv1"] == "conv 7x7 /2" && kinds["layer1.0.conv1"] == "conv 1x1")
        #expect(
            kinds["bn1"] == "batch norm" && kinds["head.linear2"] == "linear" && kinds["head.dropout1"] == "dropout")
        #expect(
            Set(layers.map(\.kind)).isSuperset(of: [
                "relu", "add", "max pool 3x3 /2", "average pool", "max pool", "concatenate",
            ]))
    }
}
