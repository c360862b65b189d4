import Neural

/// What `torch.save` wrote: a zip of a pickle and its storages, or, before PyTorch 1.6, pickles followed by the storages.
public enum TorchCheckpoint {
    /// Keys under which frameworks keep the weights beside an optimiser, in the order they are tried. An average of the
    /// weights comes first: it is what timm's training script judges, and what timm reads back.
    static let wrappers = ["state_dict_ema", "model_ema", "state_dict", "model", "model_state_dict"]
    /// 0x1950A86A20F9469CFC6C, which every file of the older format starts with.
    private static let magic: [UInt8] = [0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]

    /// Reads a state dictionary; F64, F16, BF16, I64, I32, U8 and BOOL become floats. Nothing in the file is executed.
    /// - Throws: `ModelFileError` with the first thing that is no part of weights.
    public static func read(_ bytes: [UInt8], named file: String) throws -> WeightsFile.Contents {
        do {
            return try ZipArchive.isOne(bytes) ? readZip(bytes, file) : readLegacy(bytes, file)
        } catch let stranger as StrangeGlobal {
            throw stranger.refusal(of: file)
        }
    }

    private static func readZip(_ bytes: [UInt8], _ file: String) throws -> WeightsFile.Contents {
        let archive = try ZipArchive(bytes, named: file)
        let pickles = archive.names.filter { $0.hasSuffix("/data.pkl") }
        guard let name = pickles.first, pickles.count == 1 else {
            throw ModelFileError(file, "is no torch checkpoint; expected a zip with one data.pkl, got \(pickles.count)")
        }
        let prefix = name.dropLast("data.pkl".count)
        guard !archive.contains(prefix + "constants.pkl") else {
            throw ModelFileError(file, "is TorchScript, which holds code; expected torch.save of a state_dict")
        }
        if archive.contains(prefix + "byteorder") {
            let order = String(decoding: try archive.entry(prefix + "byteorder"), as: UTF8.self)
            guard order == "little" else {
                throw ModelFileError(file, "has another byte order; expected 'little', got \(order.quoted)")
            }
        }
        let pickle = try Unpickler.read(archive.entry(name), named: file)
        return try state(pickle, limit: bytes.count, file) { storage in
            try archive.entry("\(prefix)data/\(storage.key)")
        }
    }

    private static func readLegacy(_ bytes: [UInt8], _ file: String) throws -> WeightsFile.Contents {
        let first: Pickle
        do {
            first = try Unpickler.read(bytes[...], named: file)
        } catch is ModelFileError where bytes.first != 0x80 {
            throw ModelFileError(
                file,
                "is no file of weights; expected safetensors or what torch.save writes, got "
                    + (file.lowercased().hasSuffix(".onnx") ? "ONNX, which is exported and not read" : "another format")
            )
        }
        guard case .bytes(Self.magic) = first.root else {
            throw ModelFileError(file, "is no torch checkpoint; expected the file of torch.save, got another pickle")
        }
        let version = try Unpickler.read(bytes[first.end...], named: file)
        guard version.root.integer == 1001 else {
            throw ModelFileError(file, "is another version of the format; expected 1001, got \(version.root.kind)")
        }
        let system = try Unpickler.read(bytes[version.end...], named: file)
        for case (.text("little_endian"), .bool(false)) in system.pairs(system.root) ?? [] {
            throw ModelFileError(file, "has another byte order; expected little-endian")
        }
        let pickle = try Unpickler.read(bytes[system.end...], named: file)
        let keys = try Unpickler.read(bytes[pickle.end...], named: file)
        guard let order = keys.items(keys.root)?.map(\.text), !order.contains(nil) else {
            throw ModelFileError(file, "does not list its storages; expected their keys")
        }
        let widths = Dictionary(pickle.storages.map { ($0.key, $0.element.width) }, uniquingKeysWith: max)
        var spans: [String: Range<Int>] = [:]
        var at = keys.end
        for case let key? in order {
            guard let width = widths[key], spans[key] == nil else {
                throw ModelFileError(file, "lists its storages badly; expected each once, got \(key.quoted)")
            }
            guard bytes.count - at >= 8 else { throw ModelFileError(file, "is cut short before \(key.quoted)") }
            let count = bytes[at..<at + 8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            at += 8
            guard count <= UInt64((bytes.count - at) / width) else {
                throw ModelFileError(
                    file,
                    "is cut short; expected \(count) numbers of storage \(key.quoted), got \(bytes.count - at) bytes")
            }
            spans[key] = at..<at + Int(count) * width
            at += Int(count) * width
        }
        guard at == bytes.count else {
            throw ModelFileError(file, "has the wrong length; expected \(at) bytes, got \(bytes.count)")
        }
        return try state(pickle, limit: bytes.count, file) { storage in
            guard let span = spans[storage.key] else {
                throw ModelFileError(file, "lacks the storage \(storage.key.quoted)")
            }
            return bytes[span]
        }
    }

    /// The named tensors of the dictionary that the root wraps, whatever stands beside it, or of the root.
    /// - Parameter limit: the most numbers that they may hold together.
    private static func state(
        _ pickle: Pickle, limit: Int, _ file: String, _ load: (TorchStorage) throws -> ArraySlice<UInt8>
    ) throws -> WeightsFile.Contents {
        guard let root = pickle.pairs(pickle.root) else {
            throw ModelFileError(file, "holds no state dictionary; expected names and tensors, got \(pickle.root.kind)")
        }
        func tensors(_ pairs: [(key: PickleValue, value: PickleValue)]) -> [(String, TorchTensor)] {
            pairs.compactMap { key, value in
                guard let name = key.text, case .tensor(let index) = value else { return nil }
                return (name, pickle.tensors[index])
            }
        }
        let sets = wrappers.compactMap { wrapper -> (key: String, tensors: [(String, TorchTensor)])? in
            let found = root.first { $0.key.text == wrapper }.flatMap { pickle.pairs($0.value) }.map(tensors) ?? []
            return found.isEmpty ? nil : (wrapper, found)
        }
        let found = sets.first?.tensors ?? tensors(root)
        guard !found.isEmpty else {
            let keys = root.prefix(8).map { $0.key.text?.quoted ?? $0.key.kind }.joined(separator: ", ")
            throw ModelFileError(
                file,
                "holds no state dictionary; expected tensors, or one under \(wrappers.joined(separator: ", ")); got the keys \(keys)"
            )
        }
        var state: StateDictionary = [:]
        var loaded: [String: ArraySlice<UInt8>] = [:]
        var count = 0
        for (name, tensor) in found {
            guard state[name] == nil else { throw ModelFileError(file, "names \(name.quoted) twice") }
            let storage = tensor.storage
            let bytes = try loaded[storage.key] ?? load(storage)
            loaded[storage.key] = bytes
            guard bytes.count == storage.count * storage.element.width else {
                throw ModelFileError(
                    file,
                    "has a storage of another length; expected \(storage.count) numbers of \(storage.element.rawValue) for \(name.quoted), got \(bytes.count) bytes"
                )
            }
            // Tensors may share or repeat a storage, but a small file must not become large.
            guard tensor.count <= limit - count else {
                throw ModelFileError(file, "repeats its storages too often, first in \(name.quoted)")
            }
            count += tensor.count
            state[name] = tensor.values(bytes)
        }
        return WeightsFile.Contents(
            tensors: state, key: sets.first?.key, otherKeys: sets.dropFirst().map(\.key))
    }
}
