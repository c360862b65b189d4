import Foundation

/// `metrics.json`: the record's figures under the names that scripts rely on. Undefined figures are null.
public enum MetricsFile {
    public static func json(_ record: EvaluationRecord, analysis: Analysis? = nil) throws -> String {
        let curve = record.thresholdCurve.map { point -> JSON in
            .object([
                "threshold": .number(point.threshold), "accuracy_multi": .number(point.accuracyMulti),
                "macro_f1": .number(point.macroF1),
            ])
        }
        var fields = figures(record.figures)
        fields["labels"] = .array(record.labels.map(JSON.string))
        fields["threshold"] =
            Set(record.thresholds).count == 1
            ? .number(record.thresholds[0]) : .array(record.thresholds.map { .number($0) })
        fields["per_label"] = .array(record.perLabel.map(label))
        fields["confusion"] = .object([
            "labels": .array(record.confusion.labels.map(JSON.string)), "nothing": .string(record.confusion.nothing),
            "matrix": .array(record.confusion.matrix.map { .array($0.map { .number($0) }) }),
        ])
        var null = figures(record.nullFigures)
        if let labels = record.nullPerLabel { null["per_label"] = .array(labels.map(label)) }
        fields["null_model"] = .object(null)
        if let leftOut = record.leftOut {
            fields["left_out"] = .object([
                "missing_images": .integer(leftOut.missingImages), "extra_images": .integer(leftOut.extraImages),
                "missing_labels": .integer(leftOut.missingLabels), "extra_labels": .integer(leftOut.extraLabels),
                "missing_image_names": .array(leftOut.missingImageNames.map(JSON.string)),
                "extra_image_names": .array(leftOut.extraImageNames.map(JSON.string)),
                "missing_label_names": .array(leftOut.missingLabelNames.map(JSON.string)),
                "extra_label_names": .array(leftOut.extraLabelNames.map(JSON.string)),
            ])
        }
        if let count = record.trainedOn { fields["trained_on"] = .integer(count) }
        fields["threshold_curve"] = .array(curve)
        fields["slices"] = .array(
            record.slices.map { slice in
                var fields = figures(slice.figures)
                fields["name"] = .string(slice.name)
                fields["per_label"] = .array(slice.perLabel.map(label))
                return .object(fields)
            })
        for (name, part) in analysis?.metrics() ?? [:] { fields[name] = part }
        return try JSON.object(fields).text() + "\n"
    }

    private static func figures(_ f: Figures) -> [String: JSON] {
        func averaged(_ a: AveragedFigures) -> JSON {
            .object([
                "precision": .number(a.precision), "recall": .number(a.recall), "f1": .number(a.f1),
                "f2": .number(a.f2), "f_half": .number(a.fHalf), "jaccard": .number(a.jaccard),
            ])
        }
        return [
            "count": .integer(f.count), "loss": .number(f.loss), "accuracy_multi": .number(f.accuracyMulti),
            "exact_match": .number(f.exactMatch), "hamming_loss": .number(f.hammingLoss), "micro": averaged(f.micro),
            "macro": averaged(f.macro), "weighted": averaged(f.weighted), "samples": averaged(f.samples),
            "mean_average_precision": .number(f.meanAveragePrecision), "macro_roc_auc": .number(f.macroROCAUC),
            "matthews": .number(f.matthews), "balanced_accuracy": .number(f.balancedAccuracy),
            "coverage_error": .number(f.coverageError),
            "label_ranking_average_precision": .number(f.labelRankingAveragePrecision),
            "ranking_loss": .number(f.rankingLoss), "brier": .number(f.brier), "ece": .number(f.ece),
            "no_prediction_count": .integer(f.noPredictionCount),
        ]
    }

    private static func label(_ f: LabelFigures) -> JSON {
        .object([
            "label": .string(f.label), "support": .integer(f.support), "tp": .integer(f.tp), "fp": .integer(f.fp),
            "fn": .integer(f.fn), "tn": .integer(f.tn), "precision": .number(f.precision),
            "recall": .number(f.recall), "f1": .number(f.f1), "f2": .number(f.f2), "f_half": .number(f.fHalf),
            "jaccard": .number(f.jaccard), "matthews": .number(f.matthews),
            "balanced_accuracy": .number(f.balancedAccuracy), "average_precision": .number(f.averagePrecision),
            "roc_auc": .number(f.rocAUC), "brier": .number(f.brier), "ece": .number(f.ece),
            "best_threshold": .number(f.bestThreshold),
        ])
    }
}
