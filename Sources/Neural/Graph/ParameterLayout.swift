/// Where each parameter and buffer of a graph lies in one flat buffer.
public struct ParameterLayout: Sendable, Equatable {
    public struct Entry: Sendable, Equatable {
        /// `layer1.0.conv1.weight`.
        public let name: String
        /// PyTorch's shape, as in a state dictionary.
        public let shape: [Int]
        /// First float in the flat buffer.
        public let offset: Int
        /// Index of the node it belongs to.
        public let node: Int
        /// A batch norm's weight or bias.
        public let isNorm: Bool
        public var count: Int { shape.reduce(1, *) }
        public var range: Range<Int> { offset..<offset + count }
        public var isBias: Bool { name.hasSuffix(".bias") }
    }

    /// Trained parameters in graph order.
    public let parameters: [Entry]
    /// Running statistics in graph order.
    public let buffers: [Entry]
    let parameterCapacity: Int
    let bufferCapacity: Int
    private let byName: [String: Entry]

    public init(_ graph: Graph) {
        func place(_ kind: (Operation) -> [(suffix: String, shape: [Int])]) -> (entries: [Entry], capacity: Int) {
            var entries: [Entry] = []
            var offset = 0
            for (index, node) in graph.nodes.enumerated() {
                var isNorm = false
                if case .batchNorm = node.operation { isNorm = true }
                for (suffix, shape) in kind(node.operation) {
                    let entry = Entry(
                        name: "\(node.name).\(suffix)", shape: shape, offset: offset, node: index, isNorm: isNorm)
                    entries.append(entry)
                    offset += (entry.count + 15) / 16 * 16  // each starts on a cache line
                }
            }
            return (entries, offset)
        }
        (parameters, parameterCapacity) = place(\.parameters)
        (buffers, bufferCapacity) = place(\.buffers)
        byName = Dictionary((parameters + buffers).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    public func entry(_ name: String) -> Entry? { byName[name] }

    /// Number of trained values.
    public var parameterCount: Int { parameters.reduce(0) { $0 + $1.count } }
}
