import Evaluation
import Foundation

/// The page's parts in words and tables. Every name goes through `escaped`.
enum Sections {
    static func headline(_ record: EvaluationRecord) -> String {
        let (f, n) = (record.figures, record.nullFigures)
        func card(_ name: String, _ value: Double?, _ null: Double?, _ remark: String) -> String {
            let beside = null.map { "predicting nothing: \(figure($0))" } ?? remark
            return "<li><small>\(escaped(name))</small><b>\(figure(value))</b><small>\(beside)</small></li>"
        }
        let thresholds = Set(record.thresholds)
        let threshold = thresholds.count == 1 ? "threshold \(thresholds.first ?? 0)" : "a threshold for each label"
        let model = record.model.map { model in
            "Model \(escaped(model.name)), weights <code>\(escaped(String((model.digests["model.safetensors"] ?? "").prefix(12))))</code>. "
        }
        return """
            <header>
            <h1>\(escaped(record.title))</h1>
            <p class="lead">\(model ?? "")\(f.count) images, \(record.labels.count) labels, \(threshold).</p>
            </header>
            <ul class="cards">
            \(card("accuracy_multi", f.accuracyMulti, n.accuracyMulti, ""))
            \(card("exact match", f.exactMatch, n.exactMatch, ""))
            \(card("macro F1", f.macro.f1, nil, "mean over labels"))
            \(card("mean average precision", f.meanAveragePrecision, nil, "chance: \(figure(n.meanAveragePrecision))"))
            \(card("macro ROC AUC", f.macroROCAUC, nil, "chance: 0.5"))
            \(card("loss", f.loss, nil, "base rates alone: \(figure(n.loss))"))
            </ul>
            <p>accuracy_multi of \(figure(f.accuracyMulti)) over \(f.count) images of \(record.labels.count) labels is \
            <strong>\(record.wrongDecisions) wrong decisions</strong>. No label was predicted for \
            \(f.noPredictionCount) of \(f.count) images.</p>
            """
    }

    static func verdict(_ verdict: Verdict) -> String {
        let rules = verdict.rules.map { rule in
            [
                escaped(rule.rule), escaped(rule.outcome.rawValue), figure(rule.value), figure(rule.bound),
                escaped(rule.reason),
            ]
        }
        let broken = verdict.brokenExpectations.map { [escaped($0.image), escaped($0.expected), escaped($0.got)] }
        return """
            <h2>Verdict</h2>
            <div class="verdict \(verdict.outcome.rawValue)"><p><strong>\(verdict.outcome.rawValue)</strong> on \
            \(escaped(verdict.goldenSet)), \(verdict.imageCount) images.</p></div>
            \(table(caption: "Rules", head: ["rule", "outcome", "figure", "bound", "why"], rows: rules))
            \(broken.isEmpty ? "" : table(caption: "Expectations not met", head: ["image", "expected", "got"], rows: broken))
            \(verdict.notes.map { "<p class=\"soft\">\(escaped($0))</p>" }.joined(separator: "\n"))
            """
    }

    static func perLabel(_ record: EvaluationRecord) -> String {
        "<h2>Labels</h2>\n" + labelTable(record.perLabel, caption: "Figures of each label")
            + "<p class=\"soft\">best threshold: the one with the largest F1 on these very images, so optimistic. A dash is a figure "
            + "that is undefined here.</p>"
    }

    private static func labelTable(_ labels: [LabelFigures], caption: String) -> String {
        table(
            caption: caption,
            head: [
                "label", "support", "tp", "fp", "fn", "tn", "precision", "recall", "F1", "avg. precision", "ROC AUC",
                "Brier", "ECE",
                "best threshold",
            ],
            rows: labels.map { l in
                [escaped(l.label)] + [l.support, l.tp, l.fp, l.fn, l.tn].map(String.init)
                    + [l.precision, l.recall, l.f1, l.averagePrecision, l.rocAUC, l.brier, l.ece, l.bestThreshold].map(
                        figure)
            })
    }

    static func confusions(_ record: EvaluationRecord) -> String {
        let labels = record.confusion.labels
        let pairs = record.confusion.matrix.enumerated().flatMap { row, values in
            values.enumerated().filter { $0.offset != row && $0.element > 0 }.map { (row, $0.offset, $0.element) }
        }.sorted { $0.2 > $1.2 }
        let rows = pairs.prefix(20).map {
            [escaped(labels[$0.0]), escaped(labels[$0.1]), InsteadOfMatrixChart.text($0.2)]
        }
        var text = table(
            caption: "Most frequent confusions", head: ["true", "predicted instead", "images"], rows: Array(rows))
        if labels.count <= InsteadOfMatrixChart.largest {
            text += "<details><summary>The whole matrix in numbers</summary>"
            text += table(
                caption: "True label by predicted label", head: [""] + labels,
                rows: record.confusion.matrix.enumerated().map { row, values in
                    [escaped(labels[row])] + values.map(InsteadOfMatrixChart.text)
                })
            text += "</details>"
        }
        return text
    }

    static func slices(_ record: EvaluationRecord) -> String {
        "<h2>Slices</h2>\n"
            + table(
                caption: "Parts of the images",
                head: ["slice", "images", "accuracy_multi", "exact match", "macro F1", "no prediction"],
                rows: record.slices.map { slice in
                    [escaped(slice.name), "\(slice.figures.count)", figure(slice.figures.accuracyMulti)]
                        + [
                            figure(slice.figures.exactMatch), figure(slice.figures.macro.f1),
                            "\(slice.figures.noPredictionCount)",
                        ]
                })
    }

    static func outcome(_ record: EvaluationRecord, _ outcome: ImageOutcome) -> String {
        let costliest =
            outcome.costliestLabel.map { "\(escaped(record.labels[$0])) (\(figure(outcome.scores[$0])))" } ?? ""
        return """
            <dl><dt>file</dt><dd>\(escaped(outcome.name))</dd><dt>target</dt><dd>\(set(record, outcome.target ?? []))</dd>\
            <dt>predicted</dt><dd>\(set(record, outcome.predicted))</dd><dt>loss</dt><dd>\(figure(outcome.loss))</dd>\
            <dt>costs most</dt><dd>\(costliest)</dd></dl>
            """
    }

    private static func set(_ record: EvaluationRecord, _ labels: [Int]) -> String {
        labels.isEmpty ? "<em>nothing</em>" : escaped(labels.map { record.labels[$0] }.joined(separator: "; "))
    }

    static func wrongImages(_ record: EvaluationRecord) -> String {
        let wrong = record.images.filter { $0.target != nil && $0.target != $0.predicted }
        let rows = wrong.prefix(500).map { image in
            [escaped(image.name), set(record, image.target ?? []), set(record, image.predicted), figure(image.loss)]
        }
        return """
            <h2>Every wrong image</h2>
            <details><summary>\(wrong.count) of \(record.figures.count) images are not exactly right\
            \(wrong.count > 500 ? "; the first 500" : "")</summary>
            \(table(caption: "Images whose labels are not exactly right", head: ["file", "target", "predicted", "loss"], rows: Array(rows)))
            </details>
            """
    }
}
