/// A network's trained values, their gradients and its running statistics, each in one flat buffer, so that an
/// optimiser's step is one pass.
public final class Parameters: @unchecked Sendable {
    // Sendable by discipline: one plan or optimiser writes at a time.
    public let layout: ParameterLayout
    let values: FloatBuffer
    let gradients: FloatBuffer
    let buffers: FloatBuffer

    /// - Throws: `GraphError` if the system has no memory for them.
    public init(_ graph: Graph) throws {
        layout = ParameterLayout(graph)
        values = try FloatBuffer(count: layout.parameterCapacity)
        gradients = try FloatBuffer(count: layout.parameterCapacity)
        buffers = try FloatBuffer(count: layout.bufferCapacity)
        for entry in layout.buffers where entry.name.hasSuffix("running_var") {
            (buffers.pointer + entry.offset).update(repeating: 1, count: entry.count)
        }
    }

    /// A graph's parameters with the values of `state`.
    public convenience init(_ graph: Graph, state: StateDictionary) throws {
        try self.init(graph)
        try load(state)
    }

    /// Takes every value from `state`; `num_batches_tracked` and the like are ignored.
    /// - Throws: `GraphError` naming the first tensor that is missing or of another shape.
    public func load(_ state: StateDictionary) throws {
        for entry in layout.parameters + layout.buffers {
            guard let tensor = state[entry.name] else {
                throw GraphError("weights lack '\(entry.name)'; expected a tensor of shape \(entry.shape)")
            }
            try set(entry.name, tensor)
        }
    }

    /// Sets one parameter or buffer.
    public func set(_ name: String, _ tensor: NamedTensor) throws {
        guard let entry = layout.entry(name) else { throw GraphError("the network has no tensor '\(name)'") }
        guard entry.shape == tensor.shape else {
            throw GraphError("weights of '\(name)': expected shape \(entry.shape), got \(tensor.shape)")
        }
        let target = isBuffer(entry) ? buffers : values
        let ordered = WeightOrder.toEngine(tensor.values, shape: entry.shape)
        ordered.withUnsafeBufferPointer { source in
            if let base = source.baseAddress {
                (target.pointer + entry.offset).update(from: base, count: entry.count)
            }
        }
    }

    /// Whether every value and every running statistic is a finite number.
    public var areFinite: Bool {
        [values, buffers].allSatisfy { buffer in
            UnsafeBufferPointer(start: buffer.pointer, count: buffer.count).allSatisfy(\.isFinite)
        }
    }

    /// Every parameter and buffer under PyTorch's names, in PyTorch's axis order.
    public func stateDictionary() -> StateDictionary {
        var state: StateDictionary = [:]
        for entry in layout.parameters { state[entry.name] = tensor(values, entry) }
        for entry in layout.buffers { state[entry.name] = tensor(buffers, entry) }
        return state
    }

    /// The gradients of the last backward pass, named and ordered as the parameters.
    public func gradientDictionary() -> StateDictionary {
        var state: StateDictionary = [:]
        for entry in layout.parameters { state[entry.name] = tensor(gradients, entry) }
        return state
    }

    private func tensor(_ source: FloatBuffer, _ entry: ParameterLayout.Entry) -> NamedTensor {
        NamedTensor(shape: entry.shape, values: WeightOrder.toPyTorch(source.copy(entry.range), shape: entry.shape))
    }

    private func isBuffer(_ entry: ParameterLayout.Entry) -> Bool {
        entry.name.hasSuffix(".running_mean") || entry.name.hasSuffix(".running_var")
    }
}
