import ModelFiles
import Neural
import Testing

@Suite struct ONNXModelTests {
    private func bytes(head: ResNet.Head) throws -> [UInt8] {
        let graph = try ResNet(named: "resnet10s").graph(labelCount: 3, head: head)
        let parameters = try Parameters(graph)
        parameters.initialise(seed: 1)
        return try ONNXModel.write(
            graph: graph, weights: parameters.stateDictionary(), inputHeight: 32, inputWidth: 32,
            metadata: ["b": "2", "a": "1"])
    }

    /// The top-level fields of a message and the bytes of each; the file must be consumed exactly.
    private func fields(_ bytes: ArraySlice<UInt8>) throws -> [(number: Int, body: ArraySlice<UInt8>)] {
        var at = bytes.startIndex
        func varint() throws -> Int {
            var (value, shift) = (0, 0)
            while true {
                let byte = try #require(at < bytes.endIndex ? bytes[at] : nil)
                at += 1
                value |= Int(byte & 127) << shift
                shift += 7
                if byte < 128 { return value }
            }
        }
        var fields: [(number: Int, body: ArraySlice<UInt8>)] = []
        while at < bytes.endIndex {
            let key = try varint()
            switch key & 7 {
            case 0: _ = try varint()
            case 5: at += 4
            default:
                let length = try varint()
                try #require(at + length <= bytes.endIndex)
                fields.append((key >> 3, bytes[at..<at + length]))
                at += length
            }
        }
        return fields
    }

    @Test(arguments: ResNet.Head.allCases)
    func everyParameterIsAnInitializer(_ head: ResNet.Head) throws {
        let model = try fields(bytes(head: head)[...])
        let graph = try fields(try #require(model.first { $0.number == 7 }).body)
        let initializers = try graph.filter { $0.number == 5 }.map { tensor in
            String(decoding: try #require(try fields(tensor.body).first { $0.number == 8 }).body, as: UTF8.self)
        }
        let layout = ParameterLayout(try ResNet(named: "resnet10s").graph(labelCount: 3, head: head))
        #expect(Set(initializers) == Set((layout.parameters + layout.buffers).map(\.name)))
        let outputs = try graph.filter { $0.number == 12 }.map { output in
            String(decoding: try #require(try fields(output.body).first { $0.number == 1 }).body, as: UTF8.self)
        }
        #expect(outputs == ["logits", "probabilities"])
        #expect(model.filter { $0.number == 14 }.count == 2)
    }

    @Test func equalModelsAreEqualBytes() throws {
        #expect(try bytes(head: .fastai) == bytes(head: .fastai))
    }

    @Test func missingWeightsAreNamed() throws {
        let graph = try ResNet(named: "resnet10s").graph(labelCount: 3, head: .linear)
        let error = #expect(throws: ModelFileError.self) {
            try ONNXModel.write(graph: graph, weights: [:], inputHeight: 32, inputWidth: 32)
        }
        #expect(error?.description.contains("conv1.weight") == true)
    }
}
