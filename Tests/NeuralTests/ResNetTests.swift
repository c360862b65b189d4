import Foundation
import Neural
import Testing

/// Against PyTorch in float64; see Fixtures/make_fixtures.py.
@Suite struct ResNetTests {
    @Test(arguments: 0..<12)
    func logitsAgreeWithPyTorch(_ index: Int) throws {
        let fixture = try ResNetFixture.read()
        try #require(fixture.inference.count == 12)
        let expected = fixture.inference[index]
        let (graph, parameters) = try ReferenceNumbers.network(expected.arch, expected.head, labels: 5)
        let shape = MapShape(images: 2, height: expected.height, width: expected.width, channels: 3)
        let plan = try InferencePlan(graph, parameters, input: shape, workers: Workers(count: 2))
        let logits = plan.run(ReferenceNumbers.images(2, expected.height, expected.width), count: 2)
        // float32 over up to 152 layers.
        #expect(relativeError(logits, expected.logits) < 5e-5, "\(expected.arch) \(expected.height)")
    }

    @Test(arguments: ConvolutionMethod.allCases, 0..<3)
    func gradientsAgreeWithPyTorch(_ method: ConvolutionMethod, _ index: Int) throws {
        let expected = try ResNetFixture.read().training[index]
        let (graph, parameters) = try ReferenceNumbers.network(
            expected.arch, expected.head, labels: 5, isFirm: expected.firm)
        let shape = MapShape(images: expected.count, height: expected.height, width: expected.width, channels: 3)
        let plan = try TrainingPlan(graph, parameters, input: shape, workers: Workers(count: 2), method: method)
        let targets = ReferenceNumbers.targets(expected.count, labels: 5)
        let logits = plan.forward(
            ReferenceNumbers.images(expected.count, expected.height, expected.width, draw: expected.draw),
            randomSeed: 1)
        #expect(relativeError(logits, expected.logits) < 5e-5)
        #expect(abs(BinaryCrossEntropy.loss(logits: logits, targets: targets) - expected.loss) < 5e-5 * expected.loss)
        plan.backward(BinaryCrossEntropy.gradient(logits: logits, targets: targets))
        let gradients = parameters.gradientDictionary()
        #expect(gradients.count == expected.gradients.count)
        // The images are such that float32 in PyTorch and small changes of the weights stay within 4e-4.
        let tolerance = 5e-4
        for (name, reference) in expected.gradients {
            let gradient = try #require(gradients[name]).values
            let norm = gradient.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
            #expect(abs(norm - reference.norm) < tolerance * reference.norm, "norm of \(name)")
            // Samples of one tensor, measured against its own root mean square.
            let scale = reference.norm / Double(gradient.count).squareRoot()
            let difference =
                zip(ReferenceNumbers.samples(name, gradient), reference.samples)
                .map { pow(Double($0) - $1, 2) }.reduce(0, +) / Double(reference.samples.count)
            #expect(difference.squareRoot() < 2 * tolerance * scale, "\(name)")
        }
        let state = parameters.stateDictionary()
        for (name, reference) in expected.running {
            let samples = ReferenceNumbers.samples(name, try #require(state[name]).values)
            #expect(relativeError(samples, reference) < 5e-5, "\(name)")
        }
    }

    @Test func tenAdamStepsAgreeWithPyTorch() throws {
        let expected = try ResNetFixture.read().adam
        let (graph, parameters) = try ReferenceNumbers.network(expected.arch, "fastai", labels: 5)
        let shape = MapShape(images: expected.count, height: expected.size, width: expected.size, channels: 3)
        let workers = Workers(count: 2)
        let plan = try TrainingPlan(graph, parameters, input: shape, workers: workers)
        let optimiser = try Adam(parameters)
        let images = ReferenceNumbers.images(expected.count, expected.size, expected.size, draw: expected.draw)
        let targets = ReferenceNumbers.targets(expected.count, labels: 5)
        for (step, reference) in expected.losses.enumerated() {
            let logits = plan.forward(images, randomSeed: UInt64(step))
            let loss = BinaryCrossEntropy.loss(logits: logits, targets: targets)
            #expect(abs(loss - reference) < 1e-4, "step \(step): \(loss) against \(reference)")
            plan.backward(BinaryCrossEntropy.gradient(logits: logits, targets: targets))
            optimiser.step(momentum: 0.9, workers: workers) { _ in Float(expected.lr) }
        }
    }

    @Test func parameterNamesAndCountsAreTorchvisions() throws {
        // torchvision's counts with 1,000 classes.
        let counts = [18: 11_689_512, 34: 21_797_672, 50: 25_557_032, 101: 44_549_160, 152: 60_192_808]
        for (depth, count) in counts {
            let layout = ParameterLayout(
                try ResNet(named: "resnet\(depth)").graph(labelCount: 1000, head: .linear))
            #expect(layout.parameterCount == count)
            #expect(layout.entry("layer1.0.conv1.weight") != nil)
            #expect(layout.entry("layer4.0.downsample.1.running_var")?.shape == [depth > 34 ? 2048 : 512])
        }
        #expect(throws: GraphError.self) { try ResNet(named: "resnet19") }
    }

    @Test func parameterGroupsAreFastais() {
        #expect(ResNet.group(ofParameter: "conv1.weight") == 0)
        #expect(ResNet.group(ofParameter: "layer2.0.bn1.bias") == 0)
        #expect(ResNet.group(ofParameter: "layer3.0.conv1.weight") == 1)
        #expect(ResNet.group(ofParameter: "head.linear2.weight") == 2)
        #expect(ResNet.group(ofParameter: "fc.bias") == 2)
    }
}
