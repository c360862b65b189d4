import Evaluation
import ModelFiles
import Neural
import Training

/// The weights that a training starts from.
enum PretrainedBody {
    /// The body's tensors of a weights file, after saying what matched, what was left and what starts fresh.
    static func read(_ path: String, arch: String) throws -> StateDictionary {
        let weights = try weights(FreeMemory.readWeights(path), path)
        let body = try weights.body(of: ResNet(named: arch))
        let rest = weights.tensors.keys.filter { body[$0] == nil }.sorted()
        let head = rest.isEmpty ? "" : "; its head is left: \(list(rest))"
        let outside = weights.outside.isEmpty ? "" : "; no part of it: \(list(weights.outside))"
        Terminal.note(
            "\(path): \(weights.naming.words), all \(body.count) tensors of the body matched\(head)\(outside); the head starts fresh"
                .singleLine)
        return body
    }

    /// The network in a weights file's bytes, after saying which set of weights was taken where there are several.
    static func weights(_ bytes: [UInt8], _ path: String) throws -> ResNetWeights {
        let contents = try WeightsFile.read(bytes, named: path)
        if let remark = contents.remark { Terminal.note("\(path): \(remark)".singleLine) }
        return try ResNetWeights(contents.tensors, named: path)
    }

    /// The first names of many.
    static func list(_ names: [String]) -> String {
        names.prefix(4).joined(separator: ", ") + (names.count > 4 ? " and \(names.count - 4) more" : "")
    }
}
