import ModelFiles
import Neural
import Testing

@Suite struct WeightsFileTests {
    /// The content decides, not the name.
    @Test func everyFormatIsToldByItsContent() throws {
        let state: StateDictionary = ["w": NamedTensor(shape: [2], values: [1, 2])]
        #expect(try WeightsFile.read(SafeTensors.write(state), named: "x.pth").tensors == state)
        for name in TorchCheckpointTests.files {
            #expect(
                try WeightsFile.read(TorchCheckpointTests.bytes(name), named: "x.safetensors").tensors.count == 16,
                "\(name)")
        }
    }

    @Test(arguments: ["x.pth", "x.safetensors", "x"]) func whatIsNoneIsRefused(_ name: String) {
        for bytes in [[], [1], Array("GIF89a, not weights".utf8), [UInt8](repeating: 0, count: 100)] {
            #expect(throws: ModelFileError.self) { try WeightsFile.read(bytes, named: name) }
        }
        let error = #expect(throws: ModelFileError.self) { try WeightsFile.read([8, 7, 18, 4], named: "x.onnx") }
        #expect(error?.description.contains("is no file of weights") == true)
        #expect(error?.description.contains("ONNX") == true)
    }
}
