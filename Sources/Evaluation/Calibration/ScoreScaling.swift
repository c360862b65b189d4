import Foundation

/// Functions from a model's probabilities to better calibrated ones, label by label.
public struct ScoreScaling: Codable, Sendable, Equatable {
    public enum Method: String, Codable, Sendable, CaseIterable {
        /// One temperature for all labels.
        case temperature
        /// A temperature for each label.
        case temperaturePerLabel = "temperature-per-label"
        case isotonic
    }

    public struct Label: Codable, Sendable, Equatable {
        public var label: String
        /// Nil where the images of the fit held only positives or only negatives, or have no temperature (`Temperature.fit`),
        /// so that the label is left as it is.
        @Nullable public var temperature: Double?
        @Nullable public var isotonic: IsotonicMap?
    }

    /// Of all labels; nil where there is none (`Temperature.fit`), or with fewer than two images.
    @Nullable public var temperature: Double?
    public var perLabel: [Label]

    public static func fit(_ columns: LabelColumns) -> ScoreScaling {
        // One image says nothing of how another one's scores hold.
        guard columns.count > 1 else { return ScoreScaling(perLabel: columns.labels.map { Label(label: $0) }) }
        let perLabel = Parallel.map(columns.labels.count, threads: Parallel.threads) { label -> Label in
            let (scores, targets) = (columns.scores[label], columns.targets[label])
            let positives = targets.count { $0 }
            var result = Label(label: columns.labels[label])
            guard positives > 0, positives < targets.count else { return result }
            result.temperature = Temperature.fit([scores], [targets], threads: 1)
            result.isotonic = IsotonicMap.fit(scores, targets)
            return result
        }
        let whole = Temperature.fit(columns.scores, columns.targets, threads: Parallel.threads)
        return ScoreScaling(temperature: whole, perLabel: perLabel)
    }

    /// The probability of the label at `index` in place of `score`.
    public func apply(_ score: Double, label index: Int, method: Method) -> Double {
        switch method {
        case .temperature: temperature.map { Temperature.apply(score, $0) } ?? score
        case .temperaturePerLabel: perLabel[index].temperature.map { Temperature.apply(score, $0) } ?? score
        case .isotonic: perLabel[index].isotonic?.apply(score) ?? score
        }
    }

    public func apply(_ columns: LabelColumns, method: Method) -> LabelColumns {
        LabelColumns(
            labels: columns.labels,
            scores: columns.scores.enumerated().map { label, scores in
                scores.map { apply($0, label: label, method: method) }
            }, targets: Array(columns.targets))
    }

    /// The labels that `method` leaves as they are, for want of a fit.
    public func unfitted(by method: Method) -> [String] {
        switch method {
        case .temperature: temperature == nil ? perLabel.map(\.label) : []
        case .temperaturePerLabel: perLabel.filter { $0.temperature == nil }.map(\.label)
        case .isotonic: perLabel.filter { $0.isotonic == nil }.map(\.label)
        }
    }

    /// Other predictions, labels matched by name.
    /// - Throws: `InputError` if the labels are not those of the fit, or `method` fitted none of them.
    public func apply(_ scores: Scores, method: Method) throws -> Scores {
        guard unfitted(by: method).count < perLabel.count else {
            throw InputError(
                "the scaling holds nothing for '\(method.rawValue)'", expected: "a fit of at least one label",
                got: "none: the images of the fit had no estimate")
        }
        let index = Dictionary(perLabel.enumerated().map { ($1.label, $0) }, uniquingKeysWith: { first, _ in first })
        let columns = try scores.labels.map { label in
            guard let at = index[label] else {
                throw InputError(
                    "the scaling was not fitted to a label", expected: perLabel.map(\.label).joined(separator: ", "),
                    got: "'\(label)'")
            }
            return at
        }
        let missing = Set(index.keys).subtracting(scores.labels).sorted()
        guard missing.isEmpty else {
            throw InputError(
                "the predictions lack labels of the scaling", expected: "the same \(perLabel.count) labels",
                got: "no \(missing.map { "'\($0)'" }.joined(separator: ", "))")
        }
        let width = max(columns.count, 1)
        return try Scores(
            names: scores.names, labels: scores.labels,
            values: scores.values.enumerated().map { at, value in
                apply(value, label: columns[at % width], method: method)
            })
    }
}
