import Evaluation
import Foundation
import Raster

/// What a person should know of a data set before it trains.
public struct DatasetReport: Sendable, Equatable {
    public let vocab: [String]
    /// Images that carry each label, in training and in validation.
    public let training: [Int]
    public let validation: [Int]
    /// Images that carry both labels, `[C, C]`, symmetric; the diagonal counts the label itself.
    public let together: [[Int]]
    /// One sentence each.
    public private(set) var warnings: [String]

    /// A label with fewer training images than this is warned of.
    public static let fewImages = 10

    /// - Throws: an error of an image that cannot be read.
    public init(_ data: Dataset) throws {
        vocab = data.vocab
        func counts(_ items: [Int]) -> [Int] {
            var counts = [Int](repeating: 0, count: data.vocab.count)
            for item in items { for label in data.targets[item] { counts[label] += 1 } }
            return counts
        }
        (training, validation) = (counts(data.split.training), counts(data.split.validation))
        var together = [[Int]](repeating: [Int](repeating: 0, count: data.vocab.count), count: data.vocab.count)
        for target in data.targets { for a in target { for b in target { together[a][b] += 1 } } }
        self.together = together
        warnings = []
        for (label, name) in vocab.enumerated() {
            if training[label] == 0 {
                warnings.append("no training image carries '\(name)'")
            } else if training[label] < Self.fewImages {
                warnings.append("only \(Self.images(training[label])) to train '\(name)'")
            }
            if validation[label] == 0 {
                warnings.append("no validation image carries '\(name)': it cannot be measured")
            }
        }
        let bare = data.targets.count(where: \.isEmpty)
        if bare > 0 { warnings.append("\(Self.images(bare)) without labels") }
        let pairs = try Self.duplicates(data)
        if !pairs.isEmpty {
            let few = pairs.prefix(3).map { "'\($0.training)' is '\($0.validation)'" }.joined(separator: ", ")
            warnings.append(
                "\(Self.images(pairs.count)) to validate also train, byte for byte: \(few)\(pairs.count > 3 ? " and others" : "")"
            )
        }
    }

    private static func images(_ count: Int) -> String { "\(count) image\(count == 1 ? "" : "s")" }

    /// Validation files whose bytes are those of a training file. Only files of equal size are read.
    private static func duplicates(_ data: Dataset) throws -> [(training: String, validation: String)] {
        func size(_ item: Int) -> Int {
            let attributes = try? FileManager.default.attributesOfItem(atPath: data.paths[item])
            return (attributes?[.size] as? NSNumber)?.intValue ?? -1
        }
        let trained = Dictionary(grouping: data.split.training, by: size)
        var digests: [Int: String] = [:]
        func digest(_ item: Int) throws -> String {
            if let known = digests[item] { return known }
            let found = Digest.sha256(try Image.readBytes(path: data.paths[item]))
            digests[item] = found
            return found
        }
        var pairs: [(training: String, validation: String)] = []
        for item in data.split.validation {
            for other in trained[size(item)] ?? [] where try digest(other) == digest(item) {
                pairs.append((data.names[other], data.names[item]))
                break
            }
        }
        return pairs
    }

    /// A table of counts, the pairs of labels that come together most, and the warnings.
    public var lines: [String] {
        let width = min(40, (vocab.map(\.count).max() ?? 0) + 2)
        func padded(_ text: String, _ width: Int) -> String {
            text + String(repeating: " ", count: max(0, width - text.count))
        }
        var lines = [padded("label", width) + "  train  valid"]
        for (label, name) in vocab.enumerated() {
            func right(_ count: Int) -> String {
                String(repeating: " ", count: max(0, 7 - "\(count)".count)) + "\(count)"
            }
            lines.append(padded(name, width) + right(training[label]) + right(validation[label]))
        }
        var pairs: [(names: String, count: Int)] = []
        for a in vocab.indices {
            for b in vocab.indices where b > a && together[a][b] > 0 {
                pairs.append(("\(vocab[a]) + \(vocab[b])", together[a][b]))
            }
        }
        // Sorting keeps the order of equals.
        pairs.sort { $0.count > $1.count }
        if !pairs.isEmpty {
            let few = pairs.prefix(10).map { "\($0.names) \($0.count)" }
            lines.append("together: \(few.joined(separator: ", "))")
        }
        return lines + warnings.map { "warning: \($0)" }
    }
}
