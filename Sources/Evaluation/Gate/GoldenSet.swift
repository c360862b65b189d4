import Foundation
import Yams

/// A folder of images, what each must and must not be called, and the rules a model must meet on them.
public struct GoldenSet: Sendable, Equatable {
    /// What is known of the images that a pattern names.
    public struct Expectation: Sendable, Equatable {
        public var match: String
        public var must: [String] = []
        public var mustNot: [String] = []
        /// Nothing may be predicted.
        public var none = false

        public init(match: String, must: [String] = [], mustNot: [String] = [], none: Bool = false) {
            self.match = match
            self.must = must
            self.mustNot = mustNot
            self.none = none
        }
    }

    public var name: String
    /// Where the images lie.
    public var imageFolder: String
    /// Images relative to `imageFolder`, sorted.
    public var images: [String]
    /// Full truth by image.
    public var truth: [String: [String]]
    public var expectations: [Expectation]
    /// Labels of which each, predicted together with any other label, is a contradiction.
    public var exclusive: [String]
    public var rules: [Rule]
    /// The file that `truth` was read from.
    public var labelsFile: String?
    /// What of the folder was left out; stands in the verdict.
    public var remarks: [String] = []

    public static let file = "golden.yaml"

    public init(
        name: String, imageFolder: String, images: [String], truth: [String: [String]] = [:],
        expectations: [Expectation] = [], exclusive: [String] = [], rules: [Rule] = []
    ) {
        self.name = name
        self.imageFolder = imageFolder
        self.images = images
        self.truth = truth
        self.expectations = expectations
        self.exclusive = exclusive
        self.rules = rules
    }

    /// Reads `golden.yaml` in `folder`, the images and the labels it names.
    /// - Throws: `InputError` with the line of what is unknown, of the wrong type, or contradictory.
    public static func read(folder: String) throws -> GoldenSet {
        let path = folder + "/" + file
        let text = ByteOrderMark.text(try FileBytes.read(path))
        let parsed = try GoldenSetParser(file: path).parse(text)
        var golden = parsed.golden
        golden.imageFolder = golden.imageFolder == "." ? folder : folder + "/" + golden.imageFolder
        guard golden.imageFolder == folder || FileTree.isInside(golden.imageFolder, folder) else {
            throw InputError(
                "the golden images lie outside the golden set", at: path, expected: "a folder inside '\(folder)'",
                got: FileTree.real(golden.imageFolder).map { "'\($0)'" } ?? "no '\(golden.imageFolder)'")
        }
        let known = [path, folder + "/README.md"] + (parsed.labels.map { ["\(folder)/\($0)"] } ?? [])
        (golden.images, golden.remarks) = try FileListing(of: golden.imageFolder)
            .images(in: golden.imageFolder, but: known)
        if let labels = parsed.labels {
            let table = try LabelTable.read(folder + "/" + labels)
            golden.labelsFile = folder + "/" + labels
            let images = Set(golden.images)
            for row in table.rows {
                guard images.contains(row.name) else {
                    let isThere = FileTree.kind(of: "\(golden.imageFolder)/\(row.name)") == .file
                    throw InputError(
                        "the labels name an image that is \(isThere ? "left out" : "missing")",
                        at: folder + "/" + labels,
                        expected: isThere ? "an image whose name is not hidden" : "a file in \(golden.imageFolder)",
                        got: "'\(row.name)'")
                }
                golden.truth[row.name] = row.labels
            }
        }
        return golden
    }

    /// The truth in terms of a model's labels; images without full truth are nil.
    /// - Throws: `InputError` naming a label that the model lacks.
    public func truth(labels: [String]) throws -> Truth {
        let rows = truth.keys.sorted().map { LabelTable.Row(name: $0, labels: truth[$0] ?? []) }
        let known = try Truth(LabelTable(rows: rows, source: labelsFile ?? name), labels: labels)
        let targets = Dictionary(zip(known.names, known.targets), uniquingKeysWith: { first, _ in first })
        return try Truth(names: images, labels: labels, targets: images.map { targets[$0] ?? nil })
    }

    /// The labels in `golden.yaml` that are not among a model's, and what names each.
    public func unknownLabels(among labels: [String]) -> [(label: String, place: String)] {
        let known = Set(labels)
        let named =
            expectations.flatMap { expectation in
                (expectation.must + expectation.mustNot).map { ($0, "the expectation on '\(expectation.match)'") }
            } + exclusive.map { ($0, "'exclusive'") }
            + rules.compactMap { rule in rule.label.map { ($0, "the rule '\(rule.text)'") } }
        return named.filter { !known.contains($0.0) }
    }

    /// Each sub-folder and the images below it.
    public var slices: [String: [Int]] {
        var slices: [String: [Int]] = [:]
        for (index, image) in images.enumerated() {
            let parts = image.split(separator: "/").dropLast()
            for depth in parts.indices { slices[parts[...depth].joined(separator: "/"), default: []].append(index) }
        }
        return slices
    }
}
