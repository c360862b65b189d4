import ModelFiles
import Neural
import Testing

@Suite struct ResNetWeightsTests {
    private static func state(_ arch: String = "resnet10s", head: ResNet.Head) throws -> StateDictionary {
        let parameters = try Parameters(ResNet(named: arch).graph(labelCount: 3, head: head))
        parameters.initialise(seed: 3)
        return parameters.stateDictionary()
    }

    private static func renamed(_ state: StateDictionary, _ rename: (String) -> String) -> StateDictionary {
        Dictionary(uniqueKeysWithValues: state.map { (rename($0.key), $0.value) })
    }

    /// fastai's names; `heads` are the indices of its batch norms and linear layers.
    private static func fastai(_ name: String, heads: [Int] = [2, 4, 6, 8], body: String? = nil) -> String {
        let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
        if parts[0] == "head" {
            let modules = ["bn1", "linear1", "bn2", "linear2"]
            let module = parts[1].split(separator: ".").map(String.init)
            return "1.\(heads[modules.firstIndex(of: module[0]) ?? 0]).\(module[1])"
        }
        if let body { return body + name }
        let indices = ["conv1": 0, "bn1": 1, "layer1": 4, "layer2": 5, "layer3": 6, "layer4": 7]
        return "0.\(indices[parts[0]] ?? 9).\(parts[1])"
    }

    private func refusal(_ work: () throws -> Void) -> String {
        #expect(throws: ModelFileError.self) { try work() }?.description ?? ""
    }

    @Test(arguments: ["", "module.", "model.backbone."]) func torchvisionsNamesFit(_ prefix: String) throws {
        let state = try Self.state(head: .linear)
        var file = Self.renamed(state) { prefix + $0 }
        file[prefix + "bn1.num_batches_tracked"] = NamedTensor(shape: [], values: [7])
        let weights = try ResNetWeights(file, named: "t")
        #expect(weights.naming == .torchvision && weights.prefix == prefix && weights.outside.isEmpty)
        #expect(weights.head == .linear && weights.labelCount == 3 && weights.architecture?.name == "resnet10s")
        #expect(try weights.all(of: ResNet(named: "resnet10s"), labelCount: 3, head: .linear) == state)
        #expect(try weights.body(of: ResNet(named: "resnet10s")) == state.filter { !$0.key.hasPrefix("fc.") })
    }

    @Test(arguments: [[2, 4, 6, 8], [2, 3, 5, 6], [2, 10, 11, 12]], [nil, "0.model."])
    func fastaisNamesFit(_ heads: [Int], _ body: String?) throws {
        let state = try Self.state(head: .fastai)
        let file = Self.renamed(state) { Self.fastai($0, heads: heads, body: body) }
        let weights = try ResNetWeights(file, named: "t")
        #expect(weights.naming == .fastai && weights.head == .fastai && weights.labelCount == 3)
        #expect(try weights.all(of: ResNet(named: "resnet10s"), labelCount: 3, head: .fastai) == state)
    }

    /// fastai's body alone, or torchvision's parts in a list.
    @Test(arguments: ["", "body."]) func numberedPartsFit(_ prefix: String) throws {
        let state = try Self.state(head: .linear).filter { !$0.key.hasPrefix("fc.") }
        var file = Self.renamed(state) { prefix + Self.fastai($0).dropFirst(2) }
        file[prefix + "9.weight"] = NamedTensor(shape: [2], values: [1, 2])
        let weights = try ResNetWeights(file, named: "t")
        #expect(weights.naming == .indices && weights.head == nil && weights.prefix == prefix)
        #expect(try weights.body(of: ResNet(named: "resnet10s")) == state)
        #expect(weights.tensors["9.weight"] != nil)
    }

    @Test func anotherHeadOfFastaiIsNotTaken() throws {
        var file = Self.renamed(try Self.state(head: .fastai)) { Self.fastai($0) }
        file["1.9.weight"] = NamedTensor(shape: [3, 3], values: [Float](repeating: 1, count: 9))
        let weights = try ResNetWeights(file, named: "t")
        let network = try ResNet(named: "resnet10s")
        #expect(try weights.body(of: network).count == 60)
        #expect(
            refusal { _ = try weights.all(of: network, labelCount: 3, head: .fastai) }.contains("no 'head.bn1.weight'"))
        // A bias that ours does not have would change what it answers.
        file["1.9.weight"] = nil
        file["1.8.bias"] = NamedTensor(shape: [3], values: [1, 2, 3])
        let biased = try ResNetWeights(file, named: "t")
        #expect(
            refusal { _ = try biased.all(of: network, labelCount: 3, head: .fastai) }.contains(
                "also 'head.linear2.bias'"))
    }

    /// Which of the two would else be another's choice in each process.
    @Test func twoTensorsForOnePlaceAreRefused() throws {
        let fastai = Self.renamed(try Self.state(head: .fastai)) { Self.fastai($0) }
        for (extra, like) in [("conv1.weight", "0.0.weight"), ("head.linear2.weight", "1.8.weight")] {
            var file = fastai
            file[extra] = file[like]
            let line = refusal { _ = try ResNetWeights(file, named: "t") }
            #expect(line.contains("two tensors for '\(extra)'") && line.contains("'\(like)'"))
        }
    }

    @Test func whatIsOutsideIsTold() throws {
        var file = Self.renamed(try Self.state(head: .linear)) { "model.\($0)" }
        file["loss.pos_weight"] = NamedTensor(shape: [1], values: [1])
        let weights = try ResNetWeights(file, named: "t")
        #expect(weights.outside == ["loss.pos_weight"])
        #expect(try weights.all(of: ResNet(named: "resnet10s"), labelCount: 3, head: .linear).count == 62)
    }

    @Test func aPartialBodyIsRefusedWithTheFirstNameThatIsMissing() throws {
        let network = try ResNet(named: "resnet10s")
        let state = try Self.state(head: .linear)
        var file = state
        file["layer4.0.bn1.running_mean"] = nil
        file["layer2.0.conv2.weight"] = nil
        #expect(
            refusal { _ = try ResNetWeights(file, named: "t").body(of: network) }.contains("no 'layer2.0.conv2.weight'")
        )
        file = state
        file["conv1.weight"] = NamedTensor(shape: [1], values: [0])
        #expect(
            refusal { _ = try ResNetWeights(file, named: "t").body(of: network) }.contains("of shape [1] instead of"))
        file = state
        file["bn1.weight"]?.values[3] = .nan
        #expect(
            refusal { _ = try ResNetWeights(file, named: "t").body(of: network) }.contains("not finite in 'bn1.weight'")
        )
        file = state
        file["layer1.0.bn2.running_var"]?.values[1] = -1
        #expect(
            refusal { _ = try ResNetWeights(file, named: "t").body(of: network) }.contains(
                "a variance below 0 in 'layer1.0.bn2.running_var'"))
        file = state
        file["layer1.0.se.fc1.weight"] = NamedTensor(shape: [1], values: [0])
        #expect(
            refusal { _ = try ResNetWeights(file, named: "t").body(of: network) }.contains(
                "also 'layer1.0.se.fc1.weight'"))
        let weights = try ResNetWeights(state, named: "t")
        #expect(
            refusal { _ = try weights.all(of: network, labelCount: 4, head: .linear) }
                .contains("tells 3 labels apart; expected 4"))
    }

    /// Every tensor of ResNet-18 is in ResNet-34, in its shape.
    @Test func aDeeperNetworkIsNotTakenForAShallowerOne() throws {
        let weights = try ResNetWeights(Self.state("resnet34", head: .linear), named: "t")
        #expect(weights.architecture?.name == "resnet34")
        #expect(refusal { _ = try weights.body(of: ResNet(named: "resnet18")) }.contains("also 'layer1.2."))
    }

    @Test func noNetworkOrTwoAreRefused() throws {
        let one = try Self.state(head: .linear)
        #expect(
            refusal { _ = try ResNetWeights(["features.0.weight": NamedTensor(shape: [1], values: [0])], named: "t") }
                .contains("got 1 tensors: 'features.0.weight'"))
        let two = Self.renamed(one) { "model.\($0)" }.merging(Self.renamed(one) { "ema.\($0)" }) { first, _ in first }
        #expect(refusal { _ = try ResNetWeights(two, named: "t") }.contains("'ema.', 'model.'"))
    }
}
