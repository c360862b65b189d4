/// What a pickle may build. Containers, tensors and storages are indices into `Pickle`, so that values are flat: however deep
/// or circular a file nests them, nothing here recurses.
enum PickleValue {
    case none
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case text(String)
    case bytes([UInt8])
    case container(Int)
    case storage(Int)
    case tensor(Int)
    case global(PickleGlobal)
    /// Something harmless that weights do not need; only its name is kept.
    case inert(String)

    var text: String? { if case .text(let text) = self { text } else { nil } }
    var integer: Int? { if case .integer(let value) = self { value } else { nil } }

    /// For messages.
    var kind: String {
        switch self {
        case .none: "None"
        case .bool: "a truth value"
        case .integer, .number: "a number"
        case .text(let text): "the text \(text.quoted)"
        case .bytes: "bytes"
        case .container: "a container"
        case .storage: "a storage"
        case .tensor: "a tensor"
        case .global(let global): global.name.quoted
        case .inert(let name): name.quoted
        }
    }
}

/// The globals that a pickle may name. None is ever looked up in a running system: each stands for what Assay does itself.
enum PickleGlobal: Equatable {
    case orderedDictionary
    case rebuildTensor
    case rebuildParameter
    case storage(ElementType)
    /// Calls to it make an inert value: optimiser settings of fastai and the arguments of training scripts hold such.
    case inert(String)

    init?(_ name: String) {
        let elements: [String: ElementType] = [
            "Double": .f64, "Float": .f32, "Half": .f16, "BFloat16": .bf16, "Long": .i64, "Int": .i32, "Byte": .u8,
            "Bool": .bool,
        ]
        switch name {
        case "collections.OrderedDict": self = .orderedDictionary
        case "torch._utils._rebuild_tensor_v2": self = .rebuildTensor
        case "torch._utils._rebuild_parameter": self = .rebuildParameter
        case "torch.Size", "torch.device", "argparse.Namespace", "pathlib.PosixPath", "fastcore.foundation.L",
            "_codecs.encode", "numpy.dtype", "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar":
            self = .inert(name)
        default:
            guard name.hasPrefix("torch."), name.hasSuffix("Storage"),
                let element = elements[String(name.dropFirst(6).dropLast(7))]
            else { return nil }
            self = .storage(element)
        }
    }

    var name: String {
        switch self {
        case .orderedDictionary: "collections.OrderedDict"
        case .rebuildTensor: "torch._utils._rebuild_tensor_v2"
        case .rebuildParameter: "torch._utils._rebuild_parameter"
        case .storage(let element): "the storage of \(element.rawValue)"
        case .inert(let name): name
        }
    }
}

/// What one pickle built.
struct Pickle {
    struct Container {
        enum Kind { case tuple, list, dictionary }
        let kind: Kind
        /// A dictionary's are key, value, key, value….
        var items: [PickleValue]
        /// Levels of containers in it, at most `Unpickler.maximumDepth`.
        var depth: Int
    }

    var root = PickleValue.none
    var containers: [Container] = []
    var storages: [TorchStorage] = []
    var tensors: [TorchTensor] = []
    /// Index of the byte after the pickle.
    var end = 0

    /// The items of a tuple or a list.
    func items(_ value: PickleValue) -> [PickleValue]? {
        guard case .container(let index) = value, containers[index].kind != .dictionary else { return nil }
        return containers[index].items
    }

    /// The pairs of a dictionary in their order.
    func pairs(_ value: PickleValue) -> [(key: PickleValue, value: PickleValue)]? {
        guard case .container(let index) = value, containers[index].kind == .dictionary else { return nil }
        let items = containers[index].items
        return stride(from: 0, to: items.count - 1, by: 2).map { (items[$0], items[$0 + 1]) }
    }

    /// The whole numbers of a tuple or a list.
    func integers(_ value: PickleValue) -> [Int]? {
        guard let items = items(value) else { return nil }
        let numbers = items.compactMap(\.integer)
        return numbers.count == items.count ? numbers : nil
    }
}
