import Neural

/// A checkpoint's run of numbers, which several tensors may share.
struct TorchStorage {
    let key: String
    let element: ElementType
    let count: Int

    /// From a persistent id: `('storage', type, key, location, count)`; files before 1.6 add a view, which is None.
    init(_ identifier: PickleValue, in pickle: Pickle, named file: String) throws {
        guard let parts = pickle.items(identifier), parts.count >= 5, parts[0].text == "storage",
            case .global(.storage(let element)) = parts[1], let key = parts[2].text, let count = parts[4].integer,
            count >= 0, count <= Int.max / 8
        else { throw ModelFileError(file, "describes a storage badly; expected type, key, location and count") }
        if parts.count > 5 {
            guard case .none = parts[5] else {
                throw ModelFileError(file, "has a view of a storage; expected whole storages")
            }
        }
        (self.key, self.element, self.count) = (key, element, count)
    }
}

/// Where a tensor's numbers lie in its storage.
struct TorchTensor {
    static let maximumRank = 16

    let storage: TorchStorage
    let offset: Int
    let shape: [Int]
    /// In elements, one an axis.
    let strides: [Int]
    let count: Int

    /// From the arguments of `_rebuild_tensor_v2(storage, offset, size, stride, …)`.
    /// - Throws: `ModelFileError` if any element would lie outside of the storage.
    init(_ arguments: [PickleValue], in pickle: Pickle, named file: String) throws {
        guard arguments.count >= 4, case .storage(let index) = arguments[0], let offset = arguments[1].integer,
            let shape = pickle.integers(arguments[2]), let strides = pickle.integers(arguments[3]),
            shape.count == strides.count, shape.count <= Self.maximumRank
        else { throw ModelFileError(file, "describes a tensor badly; expected storage, offset, size and stride") }
        // Of later versions: bits that say what the numbers mean.
        if arguments.count > 6, let bits = pickle.pairs(arguments[6]), !bits.isEmpty {
            let names = bits.prefix(8).map { $0.key.text?.quoted ?? $0.key.kind }.joined(separator: ", ")
            throw ModelFileError(
                file, "has a tensor that is a view; expected plain numbers (torch's resolve_neg, clone), got \(names)")
        }
        let storage = pickle.storages[index]
        func outside() -> ModelFileError {
            ModelFileError(
                file,
                "has a tensor that leaves its storage; expected \(storage.count) numbers, got offset \(offset), size \(shape) and stride \(strides)"
            )
        }
        guard offset >= 0, offset <= storage.count, (shape + strides).allSatisfy({ $0 >= 0 }) else { throw outside() }
        var count = 1
        var last = offset
        for (dimension, stride) in zip(shape, strides) {
            let (product, tooMany) = count.multipliedReportingOverflow(by: dimension)
            let (reach, tooWide) = max(0, dimension - 1).multipliedReportingOverflow(by: stride)
            let (end, tooFar) = last.addingReportingOverflow(reach)
            guard !tooMany, !tooWide, !tooFar else { throw outside() }
            (count, last) = (product, end)
        }
        guard count == 0 || last < storage.count else { throw outside() }
        (self.storage, self.offset, self.shape, self.count) = (storage, offset, shape, count)
        // An axis of one element is never stepped along, whatever its stride says.
        self.strides = zip(shape, strides).map { $0 > 1 ? $1 : 0 }
    }

    /// The numbers in row-major order. `bytes` are those of the whole storage.
    func values(_ bytes: ArraySlice<UInt8>) -> NamedTensor {
        let element = storage.element
        let width = element.width
        let first = bytes.startIndex + offset * width
        guard count > 0 else { return NamedTensor(shape: shape, values: []) }
        guard !isContiguous else {
            return NamedTensor(shape: shape, values: element.floats(bytes[first..<first + count * width]))
        }
        var ordered: [UInt8] = []
        ordered.reserveCapacity(count * width)
        var index = [Int](repeating: 0, count: shape.count)
        var at = first
        for _ in 0..<count {
            ordered += bytes[at..<at + width]
            for axis in shape.indices.reversed() {
                index[axis] += 1
                at += strides[axis] * width
                if index[axis] < shape[axis] { break }
                at -= index[axis] * strides[axis] * width
                index[axis] = 0
            }
        }
        return NamedTensor(shape: shape, values: element.floats(ordered[...]))
    }

    private var isContiguous: Bool {
        var expected = 1
        for (dimension, stride) in zip(shape, strides).reversed() where dimension > 1 {
            if stride != expected { return false }
            expected *= dimension
        }
        return true
    }
}
