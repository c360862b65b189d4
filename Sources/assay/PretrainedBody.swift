import Evaluation
import ModelFiles
import Neural
import Training

/// The weights that a training starts from.
enum PretrainedBody {
    /// The body's tensors of a weights file, after saying what matched, what was left and what starts fresh.
    static func read(_ path: String, arch: String) throws -> StateDictionary {
        let contents = try WeightsFile.read(FreeMemory.readWeights(path), named: path)
        let weights = try ResNetWeights(contents.tensors, named: path)
        let body = try weights.body(of: ResNet(named: arch))
        let rest = weights.tensors.keys.filter { body[$0] == nil }.sorted()
        let head = rest.isEmpty ? "" : "; its head is left: \(list(rest))"
        let outside = weights.outside.isEmpty ? "" : "; no part of it: \(list(weights.outside))"
        if let remark = contents.remark { Terminal.note("\(path): \(remark)".singleLine) }
        Terminal.note(
            "\(path): \(weights.naming.rawValue)'s names, all \(body.count) tensors of the body matched\(head)\(outside); the head starts fresh"
                .singleLine)
        return body
    }

    /// The first names of many.
    static func list(_ names: [String]) -> String {
        names.prefix(4).joined(separator: ", ") + (names.count > 4 ? " and \(names.count - 4) more" : "")
    }
}
