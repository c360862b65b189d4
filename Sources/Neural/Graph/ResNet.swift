/// Residual networks with torchvision's parameter names (He et al., 2015; the stride of a bottleneck is on its 3x3).
public struct ResNet: Sendable, Equatable {
    /// What its batch norms add to a variance: PyTorch's default.
    static let epsilon: Float = 1e-5

    /// What follows the last residual block.
    public enum Head: String, Sendable, CaseIterable {
        /// fastai's: concat(max, average) pooling, batch norm, dropout, linear, ReLU, batch norm, dropout, linear.
        case fastai
        /// torchvision's: average pooling and one linear layer named `fc`.
        case linear
    }

    /// The name people type: `resnet18` … `resnet152`, or `resnet10s`, a small one for small images.
    public let name: String
    let blocks: [Int]
    let bottleneck: Bool
    let widths: [Int]
    /// A 3x3 stem without pooling, so that a 64-pixel image still has an 8x8 map at the end.
    let smallStem: Bool

    public static let all: [ResNet] = [
        ResNet(name: "resnet18", blocks: [2, 2, 2, 2], bottleneck: false),
        ResNet(name: "resnet34", blocks: [3, 4, 6, 3], bottleneck: false),
        ResNet(name: "resnet50", blocks: [3, 4, 6, 3], bottleneck: true),
        ResNet(name: "resnet101", blocks: [3, 4, 23, 3], bottleneck: true),
        ResNet(name: "resnet152", blocks: [3, 8, 36, 3], bottleneck: true),
        ResNet(
            name: "resnet10s", blocks: [1, 1, 1, 1], bottleneck: false, widths: [32, 64, 128, 256], smallStem: true),
    ]

    init(
        name: String, blocks: [Int], bottleneck: Bool, widths: [Int] = [64, 128, 256, 512], smallStem: Bool = false
    ) {
        self.name = name
        self.blocks = blocks
        self.bottleneck = bottleneck
        self.widths = widths
        self.smallStem = smallStem
    }

    /// - Throws: `GraphError` listing the known names.
    public init(named name: String) throws {
        guard let found = Self.all.first(where: { $0.name == name }) else {
            let known = Self.all.map(\.name).joined(separator: ", ")
            throw GraphError("unknown architecture; expected one of \(known); got '\(name)'")
        }
        self = found
    }

    /// The graph from images `[N, H, W, 3]` to logits `[N, labelCount]`.
    /// - Parameter dropout: probability before the fastai head's last layer, half of it before the one before.
    public func graph(labelCount: Int, head: Head, dropout: Float = 0.5) -> Graph {
        var graph = Graph()
        var value = graph.add(.input(channels: 3), name: "input")
        value = stem(&graph, value)
        var channels = widths[0]
        for (stage, count) in blocks.enumerated() {
            for block in 0..<count {
                let stride = block == 0 && stage > 0 ? 2 : 1
                value = residual(
                    &graph, value, "layer\(stage + 1).\(block)", from: &channels, width: widths[stage], stride: stride)
            }
        }
        addHead(&graph, value, channels: channels, labelCount: labelCount, head: head, dropout: dropout)
        return graph
    }

    private func stem(_ graph: inout Graph, _ input: Int) -> Int {
        var value = graph.add(
            .convolution(
                in: 3, out: widths[0], kernel: smallStem ? 3 : 7, stride: 2, padding: smallStem ? 1 : 3, bias: false),
            name: "conv1", input)
        value = graph.add(.norm(widths[0]), name: "bn1", value)
        value = graph.add(.relu, name: "relu", value)
        return smallStem ? value : graph.add(.maxPool(kernel: 3, stride: 2, padding: 1), name: "maxpool", value)
    }

    private func residual(
        _ graph: inout Graph, _ input: Int, _ name: String, from channels: inout Int, width: Int, stride: Int
    ) -> Int {
        let output = width * (bottleneck ? 4 : 1)
        // (kernel, out channels, stride) of the block's convolutions.
        let layers =
            bottleneck
            ? [(1, width, 1), (3, width, stride), (1, output, 1)] : [(3, width, stride), (3, width, 1)]
        var value = input
        var from = channels
        for (index, (kernel, to, step)) in layers.enumerated() {
            value = graph.add(
                .convolution(in: from, out: to, kernel: kernel, stride: step, padding: kernel / 2, bias: false),
                name: "\(name).conv\(index + 1)", value)
            value = graph.add(.norm(to), name: "\(name).bn\(index + 1)", value)
            if index < layers.count - 1 { value = graph.add(.relu, name: "\(name).relu\(index + 1)", value) }
            from = to
        }
        var shortcut = input
        if stride != 1 || channels != output {
            shortcut = graph.add(
                .convolution(in: channels, out: output, kernel: 1, stride: stride, padding: 0, bias: false),
                name: "\(name).downsample.0", input)
            shortcut = graph.add(.norm(output), name: "\(name).downsample.1", shortcut)
        }
        channels = output
        value = graph.add(.add, name: "\(name).add", value, shortcut)
        return graph.add(.relu, name: "\(name).relu", value)
    }

    private func addHead(
        _ graph: inout Graph, _ features: Int, channels: Int, labelCount: Int, head: Head, dropout: Float
    ) {
        switch head {
        case .linear:
            let pooled = graph.add(.globalAveragePool, name: "avgpool", features)
            _ = graph.add(.linear(in: channels, out: labelCount, bias: true), name: "fc", pooled)
        case .fastai:
            let maximum = graph.add(.globalMaxPool, name: "head.max", features)
            let average = graph.add(.globalAveragePool, name: "head.average", features)
            var value = graph.add(.concatenate, name: "head.concat", maximum, average)
            value = graph.add(.norm(2 * channels), name: "head.bn1", value)
            value = graph.add(.dropout(probability: dropout / 2), name: "head.dropout1", value)
            value = graph.add(.linear(in: 2 * channels, out: 512, bias: false), name: "head.linear1", value)
            value = graph.add(.relu, name: "head.relu", value)
            value = graph.add(.norm(512), name: "head.bn2", value)
            value = graph.add(.dropout(probability: dropout), name: "head.dropout2", value)
            _ = graph.add(.linear(in: 512, out: labelCount, bias: false), name: "head.linear2", value)
        }
    }

    /// fastai's parameter group of a parameter: 0 stem, layer1 and layer2; 1 layer3 and layer4; 2 the head.
    public static func group(ofParameter name: String) -> Int {
        if name.hasPrefix("head.") || name.hasPrefix("fc.") { return 2 }
        return name.hasPrefix("layer3.") || name.hasPrefix("layer4.") ? 1 : 0
    }
}

extension Operation {
    /// A batch norm with PyTorch's defaults.
    static func norm(_ channels: Int) -> Operation {
        .batchNorm(channels: channels, epsilon: ResNet.epsilon, momentum: 0.1)
    }
}
