/// What is wrong with a data set: `findings.json`, and a CSV of each kind.
public struct DataFindings: Codable, Sendable, Equatable {
    public var version = 1
    public var count: Int
    public var labels: [String]
    public var duplicateImages: [DuplicateImages]
    /// Nil without scores.
    @Nullable public var wrongLabels: [WrongLabel]?
    @Nullable public var duplicateLabels: DuplicateLabels?
    /// For each pair of labels that behaves as one.
    public var merges: [LabelMerge]
    /// How far the scores can be trusted, for a person to read.
    public var remarks: [String]

    /// - Parameters:
    ///   - source: what the scores were read from, for messages.
    ///   - features: of a network, for the same images in the same order.
    ///   - heldOut: scores to rank wrong labels by instead, of models that have not seen the image they score.
    ///   - wrongLabelLimit: the most wrong-label candidates to list.
    /// - Throws: `InputError` if the scores do not fit the table.
    public static func find(
        _ table: LabelTable, labels: [String], prints: [ImageFingerprint], scores: Scores?, from source: String? = nil,
        features: FeatureRows? = nil, heldOut: Scores? = nil, threshold: Double = 0.5, wrongLabelLimit: Int = 200,
        remarks: [String] = []
    ) throws -> DataFindings {
        let truth = try Truth(table, labels: labels)
        let place = [source, table.source].compactMap { $0 }.joined(separator: ", ")
        let scores = try scores?.aligned(names: truth.names, labels: labels, at: place)
        // Labels of the scores that no image carries: nothing can be found of them.
        let carried = Set(truth.targets.flatMap { $0 ?? [] })
        let unseen = NameSample(labels.indices.filter { !carried.contains($0) }.map { labels[$0] })
        let pairs = try scores.map { try DuplicateLabels.find($0, truth, features: features) }
        return DataFindings(
            count: table.rows.count, labels: labels,
            duplicateImages: DuplicateImages.find(prints, table, features: features),
            wrongLabels: try (heldOut ?? scores).map {
                try WrongLabel.rank($0, truth, limit: wrongLabelLimit, where: \.isDisputed)
            },
            duplicateLabels: pairs,
            merges: try (pairs?.pairs ?? []).filter(\.behavesAsOne).prefix(10).compactMap { pair in
                try scores.map { try .simulate(pair.first, pair.second, $0, truth, threshold: threshold) }
            },
            remarks: table.lookalikes
                + (unseen.count == 0 ? [] : ["no image carries \(unseen.text(showing: 20)): nothing is found of them"])
                + remarks)
    }

    /// `rank,fname,given,suggested,label,self_confidence,confident`, the first with rank 0 as in `top_losses.csv`; labels
    /// joined by `;`.
    public var wrongLabelsCSV: String {
        (wrongLabels ?? []).enumerated().reduce(
            into: CSV.line(["rank", "fname", "given", "suggested", "label", "self_confidence", "confident"])
        ) { text, item in
            let found = item.element
            text += CSV.line([
                "\(item.offset)", found.name, found.given.joined(separator: ";"),
                found.suggested.joined(separator: ";"), found.label, "\(found.selfConfidence)", "\(found.isConfident)",
            ])
        }
    }

    /// `kind,fname,other,similarity,crosses_split,labels_differ`.
    public var duplicateImagesCSV: String {
        duplicateImages.reduce(
            into: CSV.line(["kind", "fname", "other", "similarity", "crosses_split", "labels_differ"])
        ) { text, pair in
            text += CSV.line([
                pair.kind.rawValue, pair.second, pair.first, "\(pair.similarity)", "\(pair.crossesSplit)",
                "\(pair.labelsDiffer)",
            ])
        }
    }

    /// `rank,first,second,cross_prediction,correlation,feature_distance,p_value,behaves_as_one`.
    public var duplicateLabelsCSV: String {
        (duplicateLabels?.pairs ?? []).enumerated().reduce(
            into: CSV.line([
                "rank", "first", "second", "cross_prediction", "correlation", "feature_distance", "p_value",
                "behaves_as_one",
            ])
        ) { text, item in
            let pair = item.element
            text += CSV.line([
                "\(item.offset)", pair.first, pair.second, "\(pair.crossPrediction)",
                pair.correlation.map { "\($0)" } ?? "", pair.featureDistance.map { "\($0)" } ?? "", "\(pair.pValue)",
                "\(pair.behavesAsOne)",
            ])
        }
    }
}
