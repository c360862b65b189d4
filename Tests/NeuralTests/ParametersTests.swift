import Neural
import Testing

@Suite struct ParametersTests {
    @Test func whatIsMissingOrOfAnotherShapeIsNamed() throws {
        let graph = try ResNet(named: "resnet10s").graph(labelCount: 3, head: .linear)
        let parameters = try Parameters(graph)
        parameters.initialise(seed: 2)
        let whole = parameters.stateDictionary()
        func refusal(_ change: (inout StateDictionary) -> Void) -> String {
            var state = whole
            change(&state)
            return #expect(throws: GraphError.self) { try Parameters(graph, state: state) }?.description ?? ""
        }
        #expect(refusal { $0["bn1.running_var"] = nil }.contains("weights lack 'bn1.running_var'"))
        let turned = NamedTensor(shape: [256, 3], values: [Float](repeating: 0, count: 768))
        #expect(refusal { $0["fc.weight"] = turned }.contains("'fc.weight': expected shape [3, 256], got [256, 3]"))
        #expect(throws: GraphError.self) { try parameters.set("fc.weights", turned) }
        var more = whole
        more["bn1.num_batches_tracked"] = NamedTensor(shape: [], values: [7])
        #expect(try Parameters(graph, state: more).stateDictionary() == whole)
    }
}
