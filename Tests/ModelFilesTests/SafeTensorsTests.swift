import ModelFiles
import Neural
import Testing

@Suite struct SafeTensorsTests {
    private let state: StateDictionary = [
        "a.weight": NamedTensor(shape: [2, 3], values: [1, -2, 3.5, 0, .infinity, 1e-30]),
        "b\"\\\n": NamedTensor(shape: [], values: [7]), "empty": NamedTensor(shape: [0, 4], values: []),
    ]

    @Test func tensorsReadBack() throws {
        let bytes = SafeTensors.write(state, metadata: ["format": "pt", "x": "\u{1}\"é"])
        let (tensors, metadata) = try SafeTensors.read(bytes, named: "t")
        #expect(tensors == state)
        #expect(metadata == ["format": "pt", "x": "\u{1}\"é"])
        #expect(SafeTensors.write(state, metadata: ["format": "pt", "x": "\u{1}\"é"]) == bytes)
        #expect(bytes[0..<8].reversed().reduce(0) { $0 << 8 | Int($1) } % 8 == 0)
    }

    private func file(_ header: String, data: [UInt8] = []) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) } + Array(header.utf8) + data
    }

    @Test func halfAndBrainFloatsAreConverted() throws {
        let header = """
            {"h":{"dtype":"F16","shape":[3],"data_offsets":[0,6]},"b":{"dtype":"BF16","shape":[1],"data_offsets":[6,8]},\
            "i":{"dtype":"I64","shape":[1],"data_offsets":[8,16]}}
            """
        let data: [UInt8] = [0x00, 0x3C, 0x00, 0xC0, 0x01, 0x00, 0x80, 0x3F, 5, 0, 0, 0, 0, 0, 0, 0]
        let (tensors, _) = try SafeTensors.read(file(header, data: data), named: "t")
        #expect(tensors["h"]?.values == [1, -2, 0x1p-24] && tensors["b"]?.values == [1] && tensors["i"]?.values == [5])
    }

    @Test(arguments: [
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#,
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[1,5]}}"#,
        #"{"a":{"dtype":"C64","shape":[1],"data_offsets":[0,4]}}"#,
        #"{"a":{"dtype":"F32","shape":[9223372036854775807,9],"data_offsets":[0,4]}}"#,
        #"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#,
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}x"#,
        #"[]"#, #"{"a":1}"#, #"{"__metadata__":{"a":1}}"#, #"{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}"#,
        "{", "",
    ])
    func hostileHeadersAreRefused(_ header: String) {
        #expect(throws: ModelFileError.self) { try SafeTensors.read(file(header, data: [0, 0, 0, 0]), named: "t") }
    }

    @Test func deepNestingIsRefused() {
        let header = #"{"a":"# + String(repeating: "[", count: 5000)
        #expect(throws: ModelFileError.self) { try SafeTensors.read(file(header), named: "t") }
    }

    @Test func noPrefixReadsAndNoFlipCrashes() {
        let bytes = SafeTensors.write(state, metadata: ["k": "v"])
        for length in 0..<bytes.count {
            #expect(throws: ModelFileError.self) { try SafeTensors.read(Array(bytes.prefix(length)), named: "t") }
        }
        var random: UInt64 = 1
        var read = 0
        for _ in 0..<3000 {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            var broken = bytes
            broken[Int(random >> 33) % bytes.count] = UInt8(truncatingIfNeeded: random >> 24)
            if (try? SafeTensors.read(broken, named: "t")) != nil { read += 1 }
        }
        #expect(read < 3000)
    }
}
