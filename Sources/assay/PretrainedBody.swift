import Evaluation
import ModelFiles
import Neural

/// The weights that a training starts from.
enum PretrainedBody {
    /// The body's tensors of a weights file, after saying what fits.
    static func read(_ path: String, arch: String) throws -> StateDictionary {
        let state = try SafeTensors.read(FileBytes.read(path), named: path).tensors
        let graph = try ResNet(named: arch).graph(labelCount: 1, head: .linear)
        let layout = ParameterLayout(graph)
        let body = (layout.parameters + layout.buffers).filter { !$0.name.hasPrefix("fc.") }
        let matched = body.filter { state[$0.name]?.shape == $0.shape }
        guard matched.count == body.count else {
            let first = body.first { state[$0.name]?.shape != $0.shape }
            throw InputError(
                "the weights do not fit \(arch)", at: path, expected: "all \(body.count) tensors of its body",
                got: "\(matched.count); '\(first?.name ?? "")' is missing or of another shape")
        }
        Terminal.note("\(path): \(matched.count) tensors of the body matched; the head starts fresh".singleLine)
        return state.filter { name, _ in matched.contains { $0.name == name } }
    }
}
