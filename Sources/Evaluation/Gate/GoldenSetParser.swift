import Foundation
import Yams

/// `golden.yaml` as a value; every complaint names its line.
struct GoldenSetParser {
    let file: String

    /// - Returns: the set without its images, and the labels file that it names.
    func parse(_ text: String) throws -> (golden: GoldenSet, labels: String?) {
        let root: Node?
        do { root = try Yams.compose(yaml: text) } catch {
            throw InputError(
                "is not YAML", at: file, got: "\(error)".split(separator: "\n").first.map(String.init) ?? "")
        }
        guard let root, root.mapping != nil else {
            throw InputError(
                "the golden set is empty", at: file, expected: "version, name, expect, rules",
                got: root.map(Self.text) ?? "nothing")
        }
        let fields = try mapping(root, ["version", "name", "images", "labels", "expect", "exclusive", "rules"])
        guard let version = fields["version"], try integer(version) == 1 else {
            throw InputError(
                "unknown version", at: place(fields["version"] ?? root), expected: "version: 1",
                got: fields["version"].map(Self.text) ?? "none")
        }
        var golden = GoldenSet(
            name: try fields["name"].map(string) ?? "golden set",
            imageFolder: try inside(fields["images"]) ?? ".", images: [])
        let labels = try inside(fields["labels"])
        golden.expectations = try sequence(fields["expect"]).map(expectation)
        golden.exclusive = try sequence(fields["exclusive"]).map(string)
        golden.rules = try sequence(fields["rules"]).map(rule)
        return (golden, labels)
    }

    private func expectation(_ node: Node) throws -> GoldenSet.Expectation {
        let fields = try mapping(node, ["match", "must", "must_not", "none"])
        guard let match = fields["match"] else {
            throw InputError(
                "an expectation lacks its images", at: place(node), expected: "match: a file pattern", got: "no match")
        }
        var expectation = GoldenSet.Expectation(match: try string(match))
        expectation.must = try sequence(fields["must"]).map(string)
        expectation.mustNot = try sequence(fields["must_not"]).map(string)
        expectation.none = try fields["none"].map(bool) ?? false
        guard expectation.none || !expectation.must.isEmpty || !expectation.mustNot.isEmpty else {
            throw InputError(
                "an expectation expects nothing", at: place(node), expected: "must, must_not or none: true",
                got: "none of them")
        }
        let both = expectation.must.filter(expectation.mustNot.contains)
        let got =
            if let label = both.first {
                "'\(label)' in both must and must_not"
            } else if expectation.none,
                let label = expectation.must.first
            { "none: true and '\(label)' in must" } else { String?.none }
        if let got {
            throw InputError(
                "an expectation contradicts itself", at: place(node),
                expected: "each label in must or in must_not, and no must beside none: true", got: got)
        }
        return expectation
    }

    private func rule(_ node: Node) throws -> Rule {
        let keys = ["metric", "label", "average", "slice", "at_least", "at_most", "max_drop", "confidence"]
        let fields = try mapping(node, keys)
        let name = try fields["metric"].map(string)
        guard let metric = name.flatMap(Rule.Metric.init(rawValue:)) else {
            throw InputError(
                "unknown metric", at: place(fields["metric"] ?? node),
                expected: Rule.Metric.allCases.map(\.rawValue).joined(separator: ", "), got: "'\(name ?? "")'")
        }
        let bounds = try [
            fields["at_least"].map { Rule.Bound.atLeast(try number($0)) },
            fields["at_most"].map { Rule.Bound.atMost(try number($0)) },
            fields["max_drop"].map { Rule.Bound.maxDrop(try number($0)) },
        ].compactMap { $0 }
        guard bounds.count == 1, let bound = bounds.first else {
            throw InputError(
                "a rule needs one bound", at: place(node), expected: "at_least, at_most or max_drop",
                got: "\(bounds.count)")
        }
        let rule = Rule(
            metric: metric, label: try fields["label"].map(string), average: try fields["average"].map(string),
            slice: try fields["slice"].map(string), bound: bound, confidence: try fields["confidence"].map(number),
            place: place(node))
        try check(rule, node)
        return rule
    }

    private func check(_ rule: Rule, _ node: Node) throws {
        func refuse(_ what: String, _ expected: String, _ got: String) -> InputError {
            InputError(what, at: place(node), expected: expected, got: got)
        }
        let metric = rule.metric
        if rule.label != nil, !metric.takesLabel {
            throw refuse("\(metric.rawValue) is not of one label", "no label", "'\(rule.label ?? "")'")
        }
        if let average = rule.average,
            !metric.takesAverage || !["micro", "macro", "weighted", "samples"].contains(average)
        {
            throw refuse(
                "unknown average", "micro, macro, weighted or samples, of precision, recall or f1",
                "'\(average)' of \(metric.rawValue)")
        }
        if metric.takesLabel, (rule.label == nil) == (rule.average == nil) {
            throw refuse(
                "\(metric.rawValue) needs to know of what", metric.takesAverage ? "either label or average" : "a label",
                rule.label == nil ? "none" : "both")
        }
        if rule.slice != nil, !metric.takesSlice {
            throw refuse("\(metric.rawValue) has no slices", "no slice", "'\(rule.slice ?? "")'")
        }
        if let confidence = rule.confidence {
            guard confidence > 0, confidence < 1 else {
                throw refuse("confidence is out of range", "a share between 0 and 1", FigureText.exactly(confidence))
            }
            guard metric.isProportion, rule.average == nil || rule.average == "micro" else {
                throw refuse(
                    "\(rule.text) is no proportion, so it has no exact interval", "no confidence",
                    "confidence: \(FigureText.exactly(confidence))")
            }
            if case .maxDrop = rule.bound {
                throw refuse("confidence does not go with max_drop", "at_least or at_most", "both")
            }
        }
        if case .maxDrop = rule.bound, metric == .newlyBroken {
            throw refuse("\(metric.rawValue) already compares with the baseline", "at_most", "max_drop")
        }
        // A bound that no figure can reach, or that every figure does, is a slip: a percentage, a wrong sign.
        let bound = rule.bound.value
        if !metric.range.contains(bound) {
            throw refuse(
                "the bound of \(metric.rawValue) is out of range",
                metric.range.upperBound.isFinite ? "a share from 0 to 1" : "0 or more", FigureText.exactly(bound))
        }
    }

    // MARK: Nodes

    /// A node as messages show it.
    private static func text(_ node: Node) -> String {
        node.scalar.map { "'\($0.string)'" } ?? (node.mapping == nil ? "a list" : "a mapping")
    }

    private func place(_ node: Node) -> String { node.mark.map { "\(file):\($0.line)" } ?? file }

    private func mapping(_ node: Node, _ keys: [String]) throws -> [String: Node] {
        guard let mapping = node.mapping else {
            throw InputError(
                "is no mapping", at: place(node), expected: "keys with values: \(keys.joined(separator: ", "))",
                got: Self.text(node))
        }
        var fields: [String: Node] = [:]
        for (key, value) in mapping {
            let name = key.string ?? ""
            guard keys.contains(name) else {
                throw InputError(
                    "unknown key", at: place(key), expected: keys.joined(separator: ", "), got: "'\(name)'")
            }
            fields[name] = value
        }
        return fields
    }

    private func sequence(_ node: Node?) throws -> [Node] {
        guard let node else { return [] }
        guard let sequence = node.sequence else {
            throw InputError("is no list", at: place(node), expected: "a list, as [a, b]", got: Self.text(node))
        }
        return Array(sequence)
    }

    private func string(_ node: Node) throws -> String {
        guard let text = node.scalar?.string, !text.isEmpty else {
            throw InputError("is no text", at: place(node), expected: "a text that is not empty", got: Self.text(node))
        }
        return text
    }

    private func number(_ node: Node) throws -> Double {
        guard let text = node.scalar?.string, let value = StrictNumber.parse(text) else {
            throw InputError(
                "is no number", at: place(node), expected: "a finite decimal number", got: Self.text(node))
        }
        return value
    }

    private func integer(_ node: Node) throws -> Int? { node.scalar.flatMap { Int($0.string) } }

    private func bool(_ node: Node) throws -> Bool {
        guard let value = node.bool else {
            throw InputError(
                "is neither true nor false", at: place(node), expected: "true or false", got: Self.text(node))
        }
        return value
    }

    private func inside(_ node: Node?) throws -> String? {
        guard let node else { return nil }
        let path = try string(node)
        if path != "." { try LabelTable.requireInside(path, at: place(node)) }
        return path
    }
}
