import Evaluation
import Foundation
import Raster

/// Images with their labels and which of them train.
public struct Dataset: Sendable {
    public let names: [String]
    public let paths: [String]
    public let vocab: [String]
    /// Ascending label indices of each image.
    public let targets: [[Int]]
    public let split: Split
    /// What each file says of its picture.
    let headers: [ImageHeader]
    /// SHA-256 of the files' lengths, in their order: most changes of a picture show in it.
    let lengthsDigest: String

    /// Finds every image of the table below `folder`, and looks at where each begins and ends.
    /// - Parameter split: made once the images are known to be there.
    /// - Throws: `InputError` counting and naming what is missing or no whole image, or naming one that a link leads
    ///   outside; what `split` throws.
    public init(
        _ table: LabelTable, folder: String, split: @autoclosure () throws -> Split, vocab: [String]? = nil
    ) throws {
        let vocab = vocab ?? table.vocabulary
        guard !vocab.isEmpty else {
            throw InputError(
                "no image has a label", at: table.source, expected: "at least one label",
                got: "\(table.rows.count) images without")
        }
        paths = try Self.locate(table.rows.map(\.name), in: folder)
        names = table.rows.map(\.name)
        self.vocab = vocab
        targets = try Truth(table, labels: vocab).targets.map { $0 ?? [] }
        self.split = try split()
        headers = try Self.inspect(paths, names, in: folder)
        lengthsDigest = Self.lengthsDigest(paths)
    }

    /// Most damage is a download that stopped or a page in a picture's place; what lies deeper is met where it is decoded.
    private static func inspect(_ paths: [String], _ names: [String], in folder: String) throws -> [ImageHeader] {
        let found = Parallel.map(paths.count, threads: Parallel.threads) { index in
            Result { () throws(ImageError) in try Image.inspect(path: paths[index]) }
        }
        let broken = found.indices.compactMap { index -> (index: Int, error: ImageError)? in
            guard case .failure(let error) = found[index] else { return nil }
            return (index, error)
        }
        guard let (first, error) = broken.first else { return try found.map { try $0.get() } }
        guard broken.count > 1 else { throw error }
        let others = broken.dropFirst().prefix(2).map { "'\(names[$0.index])'" }.joined(separator: ", ")
        throw InputError(
            "\(broken.count) of \(paths.count) images cannot be used", at: folder, expected: "whole JPEG or PNG images",
            got: "'\(names[first])', which \(error.problem); also \(others)\(broken.count > 3 ? " and more" : "")")
    }

    /// SHA-256 of the names, the labels and the split: what a checkpoint must find again.
    var digest: String {
        var bytes: [UInt8] = []
        func add(_ text: String) { bytes += Array("\(text.utf8.count):\(text)".utf8) }
        vocab.forEach(add)
        let validation = Set(split.validation)
        for (index, name) in names.enumerated() {
            add(name)
            add("\(targets[index]) \(validation.contains(index))")
        }
        return Digest.sha256(bytes)
    }

    private static func lengthsDigest(_ paths: [String]) -> String {
        let lengths = Parallel.map(paths.count, threads: Parallel.threads) { index -> Int in
            var status = stat()
            return stat(paths[index], &status) == 0 ? Int(status.st_size) : -1
        }
        return Digest.sha256(Array(lengths.map(String.init).joined(separator: " ").utf8))
    }

    /// The paths of images that must exist below `folder`.
    public static func locate(_ names: [String], in folder: String) throws -> [String] {
        let paths = names.map { folder + "/" + $0 }
        let missing = zip(names, paths).filter { !FileManager.default.fileExists(atPath: $0.1) }.map(\.0)
        guard missing.isEmpty else {
            let few = missing.prefix(3).map { "'\($0)'" }.joined(separator: ", ")
            throw InputError(
                "\(missing.count) of \(names.count) images \(missing.count == 1 ? "is" : "are") missing", at: folder,
                expected: "every image of the labels file",
                got: "no \(few)\(missing.count > 3 ? " and others" : "")")
        }
        for (name, path) in zip(names, paths) where !FileTree.isInside(path, folder) {
            throw InputError(
                "an image lies outside the image folder", at: folder, expected: "files inside it", got: "'\(name)'")
        }
        return paths
    }

    /// One row of 0 and 1 a label.
    public func oneHot(_ index: Int) -> [Float] {
        var row = [Float](repeating: 0, count: vocab.count)
        for label in targets[index] { row[label] = 1 }
        return row
    }
}
