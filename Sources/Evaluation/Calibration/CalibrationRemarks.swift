extension Calibration {
    /// With fewer positives or negatives even one number is a guess: ten events for each number that is fitted are the rule of
    /// thumb for logistic regression (Peduzzi et al., 1996).
    public static let fewestEvents = 10

    /// Why nothing can be fitted; nil where something can.
    public static func refusal(_ columns: LabelColumns) -> String? {
        if columns.count < 2 { return "\(columns.count) image\(columns.count == 1 ? "" : "s")" }
        let hasBoth = columns.targets.contains { $0.contains(true) && $0.contains(false) }
        return hasBoth ? nil : "\(columns.count) images in which no label both occurs and is absent"
    }

    /// What could not be estimated or judged, or only on very little.
    static func remarks(
        _ columns: LabelColumns, _ scaling: ScoreScaling, _ fitted: LabelColumns, _ heldOut: LabelColumns
    ) -> [String] {
        if let refusal = refusal(columns) { return ["no scaling can be fitted on \(refusal)"] }
        var remarks: [String] = []
        func add(_ what: String, _ names: [String]) {
            if !names.isEmpty { remarks.append("\(what): \(NameSample(names).text(showing: 20))") }
        }
        func labels(_ part: LabelColumns, _ isWanted: (Int, Int) -> Bool) -> [String] {
            part.labels.indices.filter { label in
                let positives = part.targets[label].count { $0 }
                return isWanted(positives, part.count - positives)
            }.map { part.labels[$0] }
        }
        if scaling.temperature == nil {
            remarks.append(
                "there is no one temperature: the scores separate the labels wholly, or tell nothing of them, so that the "
                    + "best one would be 0 or infinite; probabilities are left as they are")
        }
        let single = labels(columns) { $0 == 0 || $1 == 0 }
        add("without positives or without negatives, left as they are", single)
        let known = Set(single)
        add(
            "no temperature of their own, as scores separate them wholly or tell nothing of them",
            scaling.perLabel.filter { $0.temperature == nil && !known.contains($0.label) }.map(\.label))
        add(
            "without both outcomes in one of the two halves, so that their scaling is not judged",
            Set(labels(fitted) { $0 == 0 || $1 == 0 } + labels(heldOut) { $0 == 0 || $1 == 0 })
                .subtracting(known).sorted())
        add(
            "fewer than \(fewestEvents) positives or negatives, so that a scaling of their own is a guess",
            labels(columns) { min($0, $1) < fewestEvents && min($0, $1) > 0 })
        let positives = columns.targets.reduce(0) { $0 + $1.count { $0 } }
        let negatives = columns.count * columns.labels.count - positives
        if scaling.temperature != nil, min(positives, negatives) < fewestEvents {
            remarks.append(
                "only \(positives) positive and \(negatives) negative decisions in all: the temperature is a guess")
        }
        return remarks
    }
}
