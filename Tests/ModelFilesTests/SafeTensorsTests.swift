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
            "i":{"dtype":"I64","shape":[1],"data_offsets":[8,16]},"l":{"dtype":"F16","shape":[4],"data_offsets":[16,24]}}
            """
        let data: [UInt8] = [
            0x00, 0x3C, 0x00, 0xC0, 0x01, 0x00, 0x80, 0x3F, 5, 0, 0, 0, 0, 0, 0, 0, 0x00, 0x7C, 0x00, 0xFC, 0x00, 0x7E,
            0xFF, 0x7B,
        ]
        let (tensors, _) = try SafeTensors.read(file(header, data: data), named: "t")
        let limits = try #require(tensors["l"]?.values)
        #expect(limits[0] == .infinity && limits[1] == -.infinity && limits[2].isNaN && limits[3] == 65504)
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
        // Between them the data, or twice the same.
        #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}"#,
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
        #"{"a":{"dtype":"F32","shape":[01],"data_offsets":[0,4]}}"#,
        #"{"a":{"dtype":"F32","shape":[\#(String(repeating: "1,", count: 64))1],"data_offsets":[0,4]}}"#,
        #"[]"#, #"{"a":1}"#, #"{"__metadata__":{"a":1}}"#, #"{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}"#,
        "{", "",
    ])
    func hostileHeadersAreRefused(_ header: String) {
        #expect(throws: ModelFileError.self) { try SafeTensors.read(file(header, data: [0, 0, 0, 0]), named: "t") }
    }

    @Test func escapesAreRead() throws {
        let header = #"{"__metadata__":{"a\"\\\/\b\f\n\r\tz":"\u00e9\u732b\uD83D\uDE3A\u002F"}}"#
        #expect(
            try SafeTensors.read(file(header), named: "t").metadata == ["a\"\\/\u{8}\u{c}\n\r\tz": "é猫\u{1F63A}/"])
    }

    @Test(arguments: [
        "\\uD83D", "\\uD83Dx", "\\uD83D\\u0041", "\\uDE3A", "\\u+12F", "\\u12", "\\x41", "\u{1}", "\n", "\\",
    ])
    func badEscapesAreRefused(_ text: String) {
        let error = #expect(throws: ModelFileError.self) {
            try SafeTensors.read(file("{\"__metadata__\":{\"k\":\"\(text)\"}}"), named: "t")
        }
        #expect(error?.description.contains("strict JSON") == true)
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
        let data = 4 * state.values.reduce(0) { $0 + $1.values.count }
        for _ in 0..<3000 {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            var broken = bytes
            let at = Int(random >> 33) % bytes.count
            broken[at] = UInt8(truncatingIfNeeded: random >> 24)
            let isRead = (try? SafeTensors.read(broken, named: "t")) != nil
            // Numbers may be any; of a header some letters of names may change.
            if at >= bytes.count - data { #expect(isRead) } else if isRead { read += 1 }
        }
        #expect(read > 0 && read < 1000)
    }
}
