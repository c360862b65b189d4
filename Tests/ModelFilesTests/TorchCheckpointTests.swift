import Foundation
import ModelFiles
import Neural
import Testing

@Suite struct TorchCheckpointTests {
    static let files = ["zip.pth", "protocol4.pt", "legacy.pth", "fastai.pth", "lightning.ckpt"]

    private struct Expected: Decodable {
        let shape: [Int]
        let values: [Double]
    }

    static func bytes(_ name: String) throws -> [UInt8] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")
        return [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))
    }

    /// A dictionary of one tensor over a storage of 4 floats, unless told otherwise.
    private func read(_ tensor: [UInt8], storage: [UInt8] = [UInt8](repeating: 0, count: 16)) throws -> StateDictionary
    {
        let pickle = CheckpointBytes.dictionary([("w", tensor)])
        return try TorchCheckpoint.read(CheckpointBytes.torch(pickle, storages: ["0": storage]), named: "t").tensors
    }

    private func refusal(_ bytes: some Collection<UInt8>) -> String {
        let error = #expect(throws: ModelFileError.self) { try TorchCheckpoint.read(Array(bytes), named: "t") }
        return error?.description ?? ""
    }

    @Test(arguments: files) func everyTypeAndLayoutIsWhatTorchSaved(_ name: String) throws {
        let state = try TorchCheckpoint.read(Self.bytes(name), named: name).tensors
        let expected = try JSONDecoder().decode([String: Expected].self, from: Data(Self.bytes("expected.json")))
        #expect(Set(state.keys) == Set(expected.keys))
        for (name, tensor) in expected {
            #expect(state[name]?.shape == tensor.shape, "\(name)")
            #expect(state[name]?.values == tensor.values.map(Float.init), "\(name)")
        }
    }

    @Test func aTensorOfFloatsIsRead() throws {
        let floats: [Float] = [1, 2, 3, 4]
        let state = try read(
            CheckpointBytes.tensor(strides: [1, 2]), storage: floats.withUnsafeBytes { Array($0) })
        #expect(state == ["w": NamedTensor(shape: [2, 2], values: [1, 3, 2, 4])])
    }

    @Test(arguments: [
        CheckpointBytes.tensor(shape: [5], strides: [1]), CheckpointBytes.tensor(offset: 1),
        CheckpointBytes.tensor(offset: -1), CheckpointBytes.tensor(strides: [-2, 1]),
        CheckpointBytes.tensor(shape: [-1, 1]), CheckpointBytes.tensor(strides: [2]),
        CheckpointBytes.tensor(strides: [.max, 1]),
        CheckpointBytes.tensor(shape: [1 << 40, 1 << 40, 0], strides: [1, 1, 1]),
        CheckpointBytes.tensor(count: -4), CheckpointBytes.tensor(count: .max),
        CheckpointBytes.tensor(shape: [Int](repeating: 1, count: 17), strides: [Int](repeating: 1, count: 17)),
        CheckpointBytes.tensor(count: 5), CheckpointBytes.tensor(count: 3, shape: [1], strides: [1]),
        CheckpointBytes.tensor(type: "torch.DoubleStorage"), CheckpointBytes.tensor(key: "1"),
        CheckpointBytes.tensor(key: "../0"), CheckpointBytes.tensor(shape: [1 << 16], strides: [0]),
        CheckpointBytes.tensor(view: [0x4B, 0]),
    ])
    func aTensorOutsideOfItsStorageIsRefused(_ tensor: [UInt8]) {
        #expect(throws: ModelFileError.self) { try read(tensor) }
    }

    /// Each alone is no more than the file; together they are.
    @Test func repeatedStoragesAreCountedTogether() throws {
        func file(_ names: [String]) -> [UInt8] {
            let wide = CheckpointBytes.tensor(shape: [800], strides: [0])
            return CheckpointBytes.torch(
                CheckpointBytes.dictionary(names.map { ($0, wide) }),
                storages: ["0": [UInt8](repeating: 0, count: 16), "pad": [UInt8](repeating: 0, count: 600)])
        }
        #expect(try TorchCheckpoint.read(file(["a"]), named: "t").tensors["a"]?.shape == [800])
        #expect(refusal(file(["a", "b", "c"])).contains("repeats its storages too often"))
    }

    @Test func theOlderFormatIsCheckedPieceByPiece() throws {
        let view = CheckpointBytes.tensor(view: [0x4E])
        let pickle = CheckpointBytes.dictionary([("w", view)])
        let whole = CheckpointBytes.legacy(pickle)
        #expect(try TorchCheckpoint.read(whole, named: "t").tensors["w"]?.values == [1, 4, 16, 64])
        #expect(refusal(CheckpointBytes.legacy(pickle, version: 1002)).contains("expected 1001"))
        #expect(refusal(CheckpointBytes.legacy(pickle, isLittle: false)).contains("byte order"))
        #expect(refusal(whole + [0]).contains("wrong length"))
        #expect(refusal(whole.dropLast()).contains("cut short"))
        #expect(refusal(CheckpointBytes.legacy(pickle, keys: ["0", "0"])).contains("each once"))
        #expect(refusal(CheckpointBytes.legacy(pickle, keys: ["1"])).contains("each once"))
        #expect(refusal(CheckpointBytes.legacy(pickle, keys: [])).contains("wrong length"))
        #expect(refusal(CheckpointBytes.legacy(pickle, count: 3)).contains("wrong length"))
        #expect(refusal([1] + whole).contains("another format"))
    }

    /// As PyTorch's ImageNet example saves: weights under a key, beside a figure that is a tensor too.
    @Test func aTensorBesideTheWeightsIsNoneOfThem() throws {
        let inner = Array(CheckpointBytes.dictionary([("w", CheckpointBytes.tensor())]).dropFirst(2).dropLast())
        let figure = CheckpointBytes.tensor(shape: [1], strides: [1])
        for pairs in [[("best_acc1", figure), ("state_dict", inner)], [("model", inner), ("best", figure)]] {
            let pickle = CheckpointBytes.dictionary(pairs)
            let state = try TorchCheckpoint.read(
                CheckpointBytes.torch(pickle, storages: ["0": [UInt8](repeating: 0, count: 16)]), named: "t"
            ).tensors
            #expect(state == ["w": NamedTensor(shape: [2, 2], values: [0, 0, 0, 0])])
        }
    }

    /// As timm, an average before what it is of; a person hears of it.
    @Test func anAverageOfTheWeightsIsTaken() throws {
        let storages = ["0": [UInt8](repeating: 0, count: 16), "1": [UInt8](repeating: 0x41, count: 16)]
        func inner(_ key: String) -> [UInt8] {
            Array(CheckpointBytes.dictionary([("w", CheckpointBytes.tensor(key: key))]).dropFirst(2).dropLast())
        }
        for (average, plain) in [("state_dict_ema", "state_dict"), ("model_ema", "model")] {
            for pairs in [[(average, inner("1")), (plain, inner("0"))], [(plain, inner("0")), (average, inner("1"))]] {
                let bytes = CheckpointBytes.torch(CheckpointBytes.dictionary(pairs), storages: storages)
                let contents = try TorchCheckpoint.read(bytes, named: "t")
                #expect(contents.tensors["w"]?.values.first.map { $0 > 12 } == true)
                #expect(contents.remark == "the weights under '\(average)' are taken, those under '\(plain)' left")
            }
        }
        let alone = CheckpointBytes.torch(CheckpointBytes.dictionary([("model", inner("0"))]), storages: storages)
        #expect(try TorchCheckpoint.read(alone, named: "t").remark == nil)
    }

    /// Training scripts keep their arguments beside the weights.
    @Test func argumentsBesideTheWeightsAreInert() throws {
        let inner = Array(CheckpointBytes.dictionary([("w", CheckpointBytes.tensor())]).dropFirst(2).dropLast())
        // A new Namespace, and its attributes.
        let attributes = CheckpointBytes.dictionary([("lr", [0x4B, 1])]).dropFirst(2).dropLast()
        let namespace = CheckpointBytes.global("argparse.Namespace") + [0x29, 0x81] + attributes + [0x62]
        let pickle = CheckpointBytes.dictionary([("args", namespace), ("model", inner)])
        let bytes = CheckpointBytes.torch(pickle, storages: ["0": [UInt8](repeating: 0, count: 16)])
        #expect(try TorchCheckpoint.read(bytes, named: "t").tensors.count == 1)
    }

    /// Of a view that negates its numbers, they are not what is stored.
    @Test func aTensorWithBitsThatChangeItsMeaningIsRefused() throws {
        let negated = Array(CheckpointBytes.dictionary([("neg", [0x88])]).dropFirst(2).dropLast())
        let none = Array(CheckpointBytes.dictionary([]).dropFirst(2).dropLast())
        #expect(try read(CheckpointBytes.tensor(metadata: none)).count == 1)
        let error = #expect(throws: ModelFileError.self) { try read(CheckpointBytes.tensor(metadata: negated)) }
        #expect(error?.description.contains("'neg'") == true)
    }

    @Test func anAxisOfOneMayHaveAnyStride() throws {
        let floats: [Float] = [1, 2, 3, 4]
        let tensor = CheckpointBytes.tensor(shape: [2, 1], strides: [2, .max])
        #expect(
            try read(tensor, storage: floats.withUnsafeBytes { Array($0) })["w"]
                == NamedTensor(shape: [2, 1], values: [1, 3]))
        #expect(try read(CheckpointBytes.tensor(offset: 4, shape: [0, 3], strides: [3, 1]))["w"]?.values == [])
    }

    @Test func whatIsNoStateDictionaryIsNamed() throws {
        let list = CheckpointBytes.torch([0x80, 2, 0x5D, 0x2E])
        #expect(refusal(list).contains("holds no state dictionary"))
        let keys = CheckpointBytes.dictionary([("epoch", [0x4B, 3]), ("net", [0x7D])])
        #expect(refusal(CheckpointBytes.torch(keys)).contains("'epoch', 'net'"))
        let twice = CheckpointBytes.dictionary([("w", CheckpointBytes.tensor()), ("w", CheckpointBytes.tensor())])
        let bytes = CheckpointBytes.torch(twice, storages: ["0": [UInt8](repeating: 0, count: 16)])
        #expect(refusal(bytes).contains("'w' twice"))
        #expect(refusal(CheckpointBytes.zip([.init(name: "m/weights", data: [1])])).contains("one data.pkl, got 0"))
        let script = ["m/data.pkl", "m/constants.pkl"].map { CheckpointBytes.Entry(name: $0, data: [0x4E, 0x2E]) }
        #expect(refusal(CheckpointBytes.zip(script)).contains("TorchScript"))
        let big = [("m/data.pkl", "N."), ("m/byteorder", "big")].map {
            CheckpointBytes.Entry(name: $0.0, data: Array($0.1.utf8))
        }
        #expect(refusal(CheckpointBytes.zip(big)).contains("byte order"))
    }

    @Test func noPrefixIsRead() throws {
        for name in Self.files {
            let bytes = try Self.bytes(name)
            for length in stride(from: 0, to: bytes.count, by: 7) {
                #expect(throws: ModelFileError.self) {
                    try TorchCheckpoint.read(Array(bytes.prefix(length)), named: "t")
                }
            }
        }
    }

    /// Changed and cut files are refused or read, and never trap. `ASSAY_FUZZ_EXECUTIONS` asks for more.
    @Test func noChangeCrashes() throws {
        let count = ProcessInfo.processInfo.environment["ASSAY_FUZZ_EXECUTIONS"].flatMap(Int.init) ?? 3000
        let whole = try Self.files.map(Self.bytes)
        // Pickles of their own, for an archive's checksum would hide most changes.
        let pickles = try Self.files.filter { $0 != "legacy.pth" }.map { name in
            let bytes = try Self.bytes(name)
            let start = try #require(bytes.indices.first { bytes[$0] == 0x80 && [2, 4].contains(bytes[$0 + 1]) })
            let directory = try #require(
                bytes[start...].indices.first { bytes[$0...].starts(with: [0x50, 0x4B, 7, 8]) })
            return Array(bytes[start..<directory])
        }
        let storages = Dictionary(
            uniqueKeysWithValues: (0..<20).map { ("\($0)", [UInt8](repeating: 1, count: $0 % 2 == 0 ? 144 : 40)) })
        var random: UInt64 = 7
        func draw(_ bound: Int) -> Int {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(random >> 33) % max(1, bound)
        }
        var refused = 0
        for round in 0..<count {
            let isPickle = round % 2 == 0
            var bytes = isPickle ? pickles[draw(pickles.count)] : whole[draw(whole.count)]
            for _ in 0...draw(4) {
                let at = draw(bytes.count)
                switch draw(4) {
                case 0: bytes[at] = UInt8(draw(256))
                case 1: bytes[at] ^= 1 << UInt8(draw(8))
                case 2:
                    let from = draw(bytes.count)
                    let piece = Array(bytes[from..<min(bytes.count, from + 1 + draw(40))])
                    bytes.insert(contentsOf: piece, at: at)
                default: if draw(4) == 0 { bytes.removeSubrange(at...) } else { bytes.remove(at: at) }
                }
                if bytes.isEmpty { break }
            }
            if isPickle { bytes = CheckpointBytes.torch(bytes, storages: storages) }
            do { _ = try TorchCheckpoint.read(bytes, named: "t") } catch is ModelFileError { refused += 1 }
        }
        #expect(count < 1000 || (refused > count / 2 && refused < count))
    }
}
