import Neural

/// A ResNet's weights under the names of `ResNet.graph`, whatever the file called them.
public struct ResNetWeights: Sendable {
    /// Whose names the file has.
    public enum Naming: String, Sendable {
        /// torchvision's, which timm's plain ResNets share: `layer1.0.conv1.weight`, `fc.weight`.
        case torchvision
        /// fastai's body and head: `0.4.0.conv1.weight`, `1.8.weight`; or `0.model.layer1.0.conv1.weight` around timm's.
        case fastai
        /// A list of torchvision's parts, such as fastai's body alone: `4.0.conv1.weight`.
        case indices

        /// For messages.
        public var words: String {
            self == .indices ? "the numbers of torchvision's parts" : "\(rawValue)'s names"
        }
    }

    /// Under torchvision's names and `head.…`; without the counters of batches that batch norms keep.
    public let tensors: StateDictionary
    public let naming: Naming
    /// What every name of the network started with, such as `module.`.
    public let prefix: String
    /// Names, as in the file, that are no part of the network, such as a loss's.
    public let outside: [String]
    private let file: String

    /// - Throws: `ModelFileError` unless it holds one ResNet.
    public init(_ state: StateDictionary, named file: String) throws {
        self.file = file
        let kinds: [(anchor: String, body: String, naming: Naming)] = [
            ("0.model.layer1.0.conv1.weight", "0.model.", .fastai), ("0.4.0.conv1.weight", "0.", .fastai),
            ("layer1.0.conv1.weight", "", .torchvision), ("4.0.conv1.weight", "", .indices),
        ]
        var found: [(prefix: String, body: String, naming: Naming)] = []
        for name in state.keys.sorted() {
            // The longest anchor decides, for each ends as the shorter one does.
            for kind in kinds where name.hasSuffix(kind.anchor) {
                let prefix = String(name.dropLast(kind.anchor.count))
                guard prefix.isEmpty || prefix.hasSuffix(".") else { continue }
                found.append((prefix, kind.body, kind.naming))
                break
            }
        }
        guard let network = found.first else {
            let some = state.keys.sorted().prefix(3).map(\.quoted).joined(separator: ", ")
            throw ModelFileError(
                file,
                "is no ResNet; expected 'layer1.0.conv1.weight' (torchvision, timm) or '0.4.0.conv1.weight' (fastai), got \(state.count) tensors: \(some)…"
            )
        }
        guard found.count == 1 else {
            throw ModelFileError(
                file,
                "holds \(found.count) networks; expected one, got \(found.map(\.prefix.quoted).joined(separator: ", "))"
            )
        }
        let heads = network.naming == .fastai ? Self.fastaiHead(state, prefix: network.prefix + "1.") : [:]
        let inBody = network.prefix + network.body
        func own(_ name: String) -> String? {
            if let own = heads[name] { return own }
            if name.hasPrefix(inBody) {
                let rest = String(name.dropFirst(inBody.count))
                guard network.body == "0." || network.naming == .indices else { return rest }
                return Self.fromIndices(rest) ?? network.body + rest
            }
            return name.hasPrefix(network.prefix) ? String(name.dropFirst(network.prefix.count)) : nil
        }
        var tensors: StateDictionary = [:]
        var names: [String: String] = [:]
        var outside: [String] = []
        for name in state.keys.sorted() where !name.hasSuffix("num_batches_tracked") {
            guard let own = own(name) else {
                outside.append(name)
                continue
            }
            if let other = names.updateValue(name, forKey: own) {
                throw ModelFileError(
                    file, "holds two tensors for \(own.quoted); expected one, got \(other.quoted) and \(name.quoted)")
            }
            tensors[own] = state[name]
        }
        (self.tensors, naming, prefix, self.outside) = (tensors, network.naming, network.prefix, outside)
    }

    /// fastai's body is a list of torchvision's parts: `4.0.conv1.weight` -> `layer1.0.conv1.weight`.
    private static func fromIndices(_ name: String) -> String? {
        let parts = ["0": "conv1", "1": "bn1", "4": "layer1", "5": "layer2", "6": "layer3", "7": "layer4"]
        guard let dot = name.firstIndex(of: "."), let part = parts[String(name[..<dot])] else { return nil }
        return part + name[dot...]
    }

    /// Where fastai's head is batch norm, linear, batch norm, linear: its names, and ours. The indices shift with the
    /// dropouts, so kind and order decide.
    private static func fastaiHead(_ state: StateDictionary, prefix: String) -> [String: String] {
        var modules: [Int: [String]] = [:]
        for name in state.keys where name.hasPrefix(prefix) {
            let parts = name.dropFirst(prefix.count).split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count == 2, let index = Int(parts[0]) else { return [:] }
            modules[index, default: []].append(String(parts[1]))
        }
        let order = modules.keys.sorted()
        let isNorm = order.map { modules[$0]?.contains("running_mean") == true }
        guard isNorm == [true, false, true, false] else { return [:] }
        var names: [String: String] = [:]
        for (index, own) in zip(order, ["bn1", "linear1", "bn2", "linear2"]) {
            for suffix in modules[index] ?? [] { names["\(prefix)\(index).\(suffix)"] = "head.\(own).\(suffix)" }
        }
        return names
    }

    /// The head that it has, if it is one of ours.
    public var head: ResNet.Head? {
        if tensors["fc.weight"] != nil { return .linear }
        return tensors["head.linear2.weight"] != nil ? .fastai : nil
    }

    /// How many labels its head tells apart.
    public var labelCount: Int? {
        (tensors["fc.weight"] ?? tensors["head.linear2.weight"]).flatMap { $0.shape.first }
    }

    /// The architecture whose body it has.
    public var architecture: ResNet? { ResNet.all.first { (try? body(of: $0)) != nil } }

    /// The body, whole and nothing else.
    /// - Throws: `ModelFileError` with the first tensor that is missing, of another shape, or of another network.
    public func body(of network: ResNet) throws -> StateDictionary {
        try select(of: network, labelCount: 1, head: .linear) { !Self.isHead($0) }
    }

    /// Every tensor of a network with its head, and nothing else.
    /// - Throws: `ModelFileError` with the first tensor that is missing, of another shape, or of another network.
    public func all(of network: ResNet, labelCount: Int, head: ResNet.Head) throws -> StateDictionary {
        if head == self.head, let known = self.labelCount, known != labelCount {
            throw ModelFileError(file, "tells \(known) labels apart; expected \(labelCount)")
        }
        return try select(of: network, labelCount: labelCount, head: head) { _ in true }
    }

    private func select(
        of network: ResNet, labelCount: Int, head: ResNet.Head, _ isWanted: (String) -> Bool
    ) throws -> StateDictionary {
        let layout = ParameterLayout(network.graph(labelCount: labelCount, head: head))
        let wanted = (layout.parameters + layout.buffers).filter { isWanted($0.name) }.sorted { $0.node < $1.node }
        func fail(_ got: String) -> ModelFileError {
            ModelFileError(file, "does not fit \(network.name); expected its \(wanted.count) tensors, got \(got)")
        }
        var result: StateDictionary = [:]
        for entry in wanted {
            guard let tensor = tensors[entry.name] else {
                throw fail("\(wanted.count { tensors[$0.name] != nil }) and no '\(entry.name)'")
            }
            guard tensor.shape == entry.shape else {
                throw fail("'\(entry.name)' of shape \(tensor.shape) instead of \(entry.shape)")
            }
            guard tensor.values.allSatisfy(\.isFinite) else {
                throw fail("numbers that are not finite in '\(entry.name)'")
            }
            guard tensor.isUsable(asVariance: entry.name) else {
                throw fail("a variance below 0 in '\(entry.name)'")
            }
            result[entry.name] = tensor
        }
        // ResNet-34 holds all of ResNet-18: what is left over tells them apart.
        if let more = tensors.keys.filter({ isWanted($0) && result[$0] == nil }).sorted().first {
            throw fail("also \(more.quoted)")
        }
        return result
    }

    /// Whether a tensor comes after the last residual block.
    private static func isHead(_ name: String) -> Bool {
        !["conv1.", "bn1.", "layer"].contains { name.hasPrefix($0) }
    }
}
