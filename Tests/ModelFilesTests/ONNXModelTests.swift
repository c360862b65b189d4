import Foundation
import ModelFiles
import Neural
import Testing

@Suite struct ONNXModelTests {
    private func model(
        _ head: ResNet.Head, arch: String = "resnet10s"
    ) throws -> (graph: Graph, parameters: Parameters, bytes: [UInt8]) {
        let graph = try ResNet(named: arch).graph(labelCount: 3, head: head)
        let parameters = try Parameters(graph)
        parameters.initialise(seed: 1)
        // Fresh norms do nothing, and fresh biases are zero.
        for entry in parameters.layout.parameters + parameters.layout.buffers where entry.shape.count == 1 {
            let start: Float = entry.name.hasSuffix("running_var") || entry.name.hasSuffix("weight") ? 0.8 : -0.1
            let values = (0..<entry.shape[0]).map { start + 0.4 * Float($0 * 7 % 11) / 11 }
            try parameters.set(entry.name, NamedTensor(shape: entry.shape, values: values))
        }
        let bytes = try ONNXModel.write(
            graph: graph, weights: parameters.stateDictionary(), inputHeight: 33, inputWidth: 38,
            metadata: ["b": "2", "a": "1"])
        return (graph, parameters, bytes)
    }

    @Test(
        arguments: [("resnet10s", .linear), ("resnet10s", .fastai), ("resnet18", .linear)] as [(String, ResNet.Head)])
    func theFileAnswersAsTheNetwork(_ arch: String, _ head: ResNet.Head) throws {
        let (height, width) = (33, 38)
        let (graph, parameters, bytes) = try model(head, arch: arch)
        var draw: UInt64 = 9
        let image = (0..<height * width * 3).map { _ -> Float in
            draw = draw &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Float(draw >> 40) * 0x1p-23 - 1
        }
        let planes = (0..<3).flatMap { c in (0..<height * width).map { Double(image[3 * $0 + c]) } }
        let values = try ONNXInterpreter(bytes).run(.init(shape: [3, height, width], values: planes))
        let plan = try InferencePlan(
            graph, parameters, input: MapShape(images: 1, height: height, width: width, channels: 3),
            workers: Workers(count: 1))
        let logits = plan.run(image, count: 1)
        let found = try #require(values["logits"]?.values)
        #expect(logits.count == 3 && found.count == 3 && Set(found).count == 3)
        for (own, file) in zip(logits, found) { #expect(abs(Double(own) - file) < 1e-4 * max(1, abs(file))) }
        let probabilities = try #require(values["probabilities"]?.values)
        for (own, file) in zip(logits, probabilities) { #expect(abs(1 / (1 + exp(-Double(own))) - file) < 1e-5) }
    }

    @Test(arguments: ResNet.Head.allCases)
    func theFileSaysWhatItTakesAndGives(_ head: ResNet.Head) throws {
        let (graph, _, bytes) = try model(head)
        let file = try ONNXInterpreter(bytes)
        let body = try ONNXInterpreter.messages(file.model, 7)[0]
        let layout = ParameterLayout(graph)
        let initializers = try ONNXInterpreter.messages(body, 5)
        #expect(
            Set(initializers.map { ONNXInterpreter.texts($0, 8)[0] })
                == Set((layout.parameters + layout.buffers).map(\.name)))
        #expect(initializers.allSatisfy { ONNXInterpreter.integers($0, 2) == [1] }, "floats")
        func values(_ number: Int) throws -> [String] {
            try ONNXInterpreter.messages(body, number).map { value in
                let tensor = try ONNXInterpreter.messages(ONNXInterpreter.messages(value, 2)[0], 1)[0]
                let dimensions = try ONNXInterpreter.messages(ONNXInterpreter.messages(tensor, 2)[0], 1)
                let axes = dimensions.map { axis in
                    ONNXInterpreter.texts(axis, 2).first ?? "\(ONNXInterpreter.integers(axis, 1)[0])"
                }
                return "\(ONNXInterpreter.texts(value, 1)[0]): \(axes.joined(separator: " "))"
            }
        }
        #expect(try values(11) == ["input: batch 3 33 38"])
        #expect(try values(12) == ["logits: batch 3", "probabilities: batch 3"])
        #expect(ONNXInterpreter.integers(file.model, 1) == [8], "IR version")
        let opset = try ONNXInterpreter.messages(file.model, 8)[0]
        #expect(ONNXInterpreter.texts(opset, 1) == [""] && ONNXInterpreter.integers(opset, 2) == [17])
        let metadata = try ONNXInterpreter.messages(file.model, 14).map { entry in
            ONNXInterpreter.texts(entry, 1) + ONNXInterpreter.texts(entry, 2)
        }
        #expect(metadata == [["a", "1"], ["b", "2"]])
        // Of torch's running average it is the share that stays.
        let norms = file.nodes.filter { $0.kind == "BatchNormalization" }
        #expect(!norms.isEmpty && norms.allSatisfy { $0.floats["momentum"] == 0.9 && $0.floats["epsilon"] == 1e-5 })
    }

    @Test func equalModelsAreEqualBytes() throws {
        #expect(try model(.fastai).bytes == model(.fastai).bytes)
    }

    @Test func missingWeightsAreNamed() throws {
        let graph = try ResNet(named: "resnet10s").graph(labelCount: 3, head: .linear)
        let error = #expect(throws: ModelFileError.self) {
            try ONNXModel.write(graph: graph, weights: [:], inputHeight: 32, inputWidth: 32)
        }
        #expect(error?.description.contains("conv1.weight") == true)
    }
}
