extension EvaluationInput {
    /// The whole that all parts of one evaluation make, in whatever order they come.
    /// - Parameter parts: each with where it was read from, for messages.
    /// - Throws: `InputError` in one sentence: parts of different evaluations, one that comes twice, one that is missing.
    public static func merging(_ parts: [(place: String, part: EvaluationPart)]) throws -> EvaluationInput {
        guard let first = parts.first else { throw InputError("nothing to merge", expected: "parts", got: "none") }
        for (place, part) in parts.dropFirst() {
            if let (name, expected, got) = first.part.head.difference(to: part.head) {
                throw InputError(
                    "parts are of different evaluations", at: "\(first.place), \(place)",
                    expected: "the same \(name), \(expected)", got: got)
            }
        }
        let sorted = parts.sorted { $0.part.head.shard < $1.part.head.shard }
        for (a, b) in zip(sorted, sorted.dropFirst()) where a.part.head.shard == b.part.head.shard {
            throw InputError(
                "a part comes twice", at: "\(a.place), \(b.place)",
                expected: "each of \(a.part.head.shards) parts once",
                got: "part \(a.part.head.shard) twice")
        }
        let known = Set(sorted.map(\.part.head.shard))
        var missing = NameSample()
        for shard in 1...first.part.head.shards where !known.contains(shard) { missing.add("\(shard)") }
        guard missing.count == 0 else {
            throw InputError(
                "parts are missing", expected: "\(first.part.head.shards) parts",
                got: "\(parts.count) without \(missing.text())")
        }
        let inputs = sorted.map(\.part.input)
        guard let columns = ScoreColumns.joined(inputs.map(\.scores.columns)) else {
            throw InputError(
                "parts are of different evaluations", at: first.place, expected: "scores of one width",
                got: "32-bit and 64-bit ones")
        }
        // The first of the rows, so that the order in which parts are named changes nothing.
        var whole = sorted[0].part.input
        let truth = TruthTable.joined(inputs.map(\.truth))
        // No image is in two parts.
        _ = try NameIndex(truth.names, "image name", in: sorted.map(\.place).joined(separator: ", "))
        whole.scores = ScoreTable(names: truth.names, labels: truth.labels, columns: columns)
        whole.truth = truth
        whole.pixelDigests = whole.pixelDigests == nil ? nil : inputs.flatMap { $0.pixelDigests ?? [] }
        let trainedOn = inputs.compactMap(\.trainedOn)
        whole.trainedOn = trainedOn.count == inputs.count ? trainedOn.reduce(0, +) : nil
        return whole
    }
}

extension EvaluationPart.Head {
    /// Whether both are of one file of predictions, which may lie under another name for each part.
    private func hasPredictions(of other: Self) -> Bool {
        let file = settings[EvaluationPart.predictionsFile]
        return file != nil && file == other.settings[EvaluationPart.predictionsFile]
    }

    /// The first thing that should be the same in both and is not.
    fileprivate func difference(to other: Self) -> (name: String, expected: String, got: String)? {
        func text(_ model: ModelIdentity?) -> String {
            model.map { model in
                let digests = model.digests.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.prefix(12))" }
                return "\(model.name) (\(digests.joined(separator: ", ")))"
            } ?? "none"
        }
        func text(_ leftOut: LeftOut?) -> String {
            let all = leftOut ?? LeftOut()
            return
                "\(all.missingImages) missing and \(all.extraImages) extra images, \(all.missingLabels) missing and \(all.extraLabels) extra labels"
        }
        let fields: [(String, String, String)] = [
            ("number of parts", "\(shards)", "\(other.shards)"), ("number of images", "\(total)", "\(other.total)"),
            ("title", hasPredictions(of: other) ? other.title : title, other.title),
            ("model", text(model), text(other.model)),
            ("labels", labels.joined(separator: ", "), other.labels.joined(separator: ", ")),
            ("thresholds", "\(thresholds)", "\(other.thresholds)"),
            ("thresholds of the model", "\(decoding ?? [])", "\(other.decoding ?? [])"),
            ("images and labels left out", text(leftOut), text(other.leftOut)),
            ("pixel digests", "\(hasPixelDigests)", "\(other.hasPixelDigests)"),
        ]
        let names = Set(settings.keys).union(other.settings.keys).sorted()
        let given = names.map { ($0, settings[$0] ?? "none", other.settings[$0] ?? "none") }
        return (fields + given).first { $0.1 != $0.2 }
    }
}

extension ScoreColumns {
    /// The images of all, one after the other; nil if some are 32-bit and some 64-bit.
    fileprivate static func joined(_ parts: [ScoreColumns]) -> ScoreColumns? {
        var (floats, doubles): ([[[Float]]], [[[Double]]]) = ([], [])
        for part in parts {
            switch part {
            case .float(let columns): floats.append(columns)
            case .double(let columns): doubles.append(columns)
            }
        }
        func join<Score>(_ parts: [[[Score]]]) -> [[Score]] {
            (parts.first ?? []).indices.map { label in parts.flatMap { $0[label] } }
        }
        if doubles.isEmpty { return .float(join(floats)) }
        return floats.isEmpty ? .double(join(doubles)) : nil
    }
}

extension TruthTable {
    /// The images of all, one after the other; of the same labels.
    fileprivate static func joined(_ parts: [TruthTable]) -> TruthTable {
        let labels = parts.first?.labels ?? []
        var targets = LabelBits(count: parts.reduce(0) { $0 + $1.names.count }, width: labels.count)
        var row = 0
        for part in parts {
            for at in part.names.indices {
                for label in part.targets[at] { targets[label, row] = true }
                row += 1
            }
        }
        return TruthTable(
            names: NameList(parts.lazy.flatMap(\.names)), labels: labels, targets: targets,
            known: parts.contains { $0.known != nil }
                ? parts.flatMap { part in part.names.indices.map { part.isKnown($0) } } : nil)
    }
}
