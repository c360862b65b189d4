import Evaluation
import Foundation

/// The page's parts in words and tables. Every name goes through `escaped`.
enum Sections {
    static func headline(_ record: EvaluationRecord, _ analysis: Analysis? = nil) -> String {
        let (f, n) = (record.figures, record.nullFigures)
        func card(_ name: String, _ key: String, _ value: Double?, _ null: Double?, _ remark: String) -> String {
            let beside = null.map { "predicting nothing: \(figure($0))" } ?? remark
            let interval = IntervalSection.text(analysis?.intervals?.figures[key])
            return "<li><small>\(escaped(name))</small><b>\(figure(value))</b>"
                + (interval.isEmpty ? "" : "<small class=\"interval\">\(interval)</small>")
                + "<small>\(beside)</small></li>"
        }
        let thresholds = Set(record.thresholds)
        let threshold = thresholds.count == 1 ? "threshold \(thresholds.first ?? 0)" : "a threshold for each label"
        let model = record.model.map { model in
            "Model \(named(model.name)), weights <code>\(escaped(String((model.digests["model.safetensors"] ?? "").prefix(12))))</code>. "
        }
        return """
            <header>
            <h1>\(named(record.title))</h1>
            <p class="lead">\(model ?? "")\(measured(record)), \(counted(record.labels.count, "label")), \(threshold).</p>
            </header>
            <ul class="cards">
            \(card("accuracy_multi", "accuracy_multi", f.accuracyMulti, n.accuracyMulti, ""))
            \(card("exact match", "exact_match", f.exactMatch, n.exactMatch, ""))
            \(card("macro F1", "macro_f1", f.macro.f1, n.macro.f1, ""))
            \(card("mean average precision", "mean_average_precision", f.meanAveragePrecision, nil, "chance: \(figure(n.meanAveragePrecision))"))
            \(card("macro ROC AUC", "macro_roc_auc", f.macroROCAUC, nil, "chance: 0.5"))
            \(card("loss", "loss", f.loss, nil, "base rates alone: \(figure(n.loss))"))
            </ul>
            <p>accuracy_multi of \(figure(f.accuracyMulti)) over \(counted(f.count, "image")) of \(counted(record.labels.count, "label")) is \
            <strong>\(counted(record.wrongDecisions, "wrong decision"))</strong>. No label was predicted for \
            \(f.noPredictionCount) of \(f.count) images.</p>
            \(((record.leftOut?.sentences ?? []) + record.remarks + (analysis?.remarks ?? [])).map { "<p class=\"warning\">\(escaped($0)).</p>" }.joined(separator: "\n"))
            """
    }

    /// Images of which only something is expected are judged, but have no figures.
    private static func measured(_ record: EvaluationRecord) -> String {
        let (full, all) = (record.figures.count, record.images.count)
        return full == all ? counted(full, "image") : "\(full) of \(counted(all, "image")) with full labels"
    }

    private static func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

    static func verdict(_ verdict: Verdict) -> String {
        let rules = verdict.rules.map { rule in
            [
                escaped(rule.rule), escaped(rule.outcome.rawValue), figure(rule.value), figure(rule.bound),
                escaped(rule.reason),
            ]
        }
        let broken = verdict.brokenExpectations.map { [named($0.image), escaped($0.expected), escaped($0.got)] }
        return """
            <h2>Verdict</h2>
            <div class="verdict \(verdict.outcome.rawValue)"><p><strong>\(verdict.outcome.rawValue)</strong> on \
            \(named(verdict.goldenSet)), \(counted(verdict.imageCount, "image")).</p></div>
            \(table(caption: "Rules", head: ["rule", "outcome", "figure", "bound", "why"], words: [1, 4], rows: rules))
            \(broken.isEmpty ? "" : table(caption: "Expectations not met", head: ["image", "expected", "got"], words: [1, 2], rows: broken))
            \(verdict.notes.map { "<p class=\"soft\">\(escaped($0))</p>" }.joined(separator: "\n"))
            """
    }

    static func perLabel(_ record: EvaluationRecord) -> String {
        "<h2>Labels</h2>\n" + labelTable(record.perLabel, record.nullPerLabel, caption: "Figures of each label")
            + "<p class=\"soft\">chance: the average precision of an order by lot. base rate: the Brier score of a model that "
            + "gives every image the label's share. best threshold: the one with the largest F1 on these very images, so optimistic. A dash is a figure "
            + "that is undefined here.</p>"
    }

    private static func labelTable(_ labels: [LabelFigures], _ null: [LabelFigures]?, caption: String) -> String {
        let head = [
            "label", "support", "tp", "fp", "fn", "tn", "precision", "recall", "F1", "avg. precision", "chance",
            "ROC AUC", "Brier", "base rate", "ECE", "best threshold",
        ]
        func row(_ index: Int) -> [String] {
            let (l, n) = (labels[index], null?[index])
            let figures = [
                l.precision, l.recall, l.f1, l.averagePrecision, n?.averagePrecision, l.rocAUC, l.brier, n?.brier,
                l.ece, l.bestThreshold,
            ]
            return [named(l.label)] + [l.support, l.tp, l.fp, l.fn, l.tn].map(String.init) + figures.map(figure)
        }
        guard labels.count > LabelDecisions.shown + 10 else {
            return table(caption: caption, head: head, rows: labels.indices.map(row))
        }
        let weakest = labels.indices.sorted { (labels[$0].f1 ?? 2, $0) < (labels[$1].f1 ?? 2, $1) }
        return LabelDecisions.folded("labels, the lowest F1 first", weakest.map(row), head: head)
    }

    /// A row's or column's name, *nothing* in italics.
    private static func name(_ confusion: ConfusionMatrix, _ index: Int) -> String {
        let name = named(confusion.labels[index])
        return index == confusion.labels.count - 1 ? "<em>\(name)</em>" : name
    }

    /// The matrix's largest cells off the diagonal.
    static func frequentConfusions(_ confusion: ConfusionMatrix, limit: Int = 16) -> String {
        let cells = confusion.matrix.enumerated().flatMap { row, values in
            values.enumerated().filter { $0.offset != row && $0.element > 0 }.map { (row, $0.offset, $0.element) }
        }
        guard !cells.isEmpty else { return "<p>No label was missed and none was wrongly said.</p>" }
        return table(
            caption: "Most frequent confusions", head: ["true", "predicted instead", "images"], words: [1],
            rows: cells.sorted { $0.2 > $1.2 }.prefix(limit).map {
                [name(confusion, $0.0), name(confusion, $0.1), InsteadOfMatrixChart.text($0.2)]
            })
    }

    static func wholeMatrix(_ confusion: ConfusionMatrix) -> String {
        """
        <details><summary>The whole matrix in numbers</summary>
        \(table(
            caption: "True label by predicted label", head: [""] + confusion.labels,
            rows: confusion.matrix.enumerated().map { row, values in
                [name(confusion, row)] + values.map(InsteadOfMatrixChart.text)
            }))
        </details>
        """
    }

    static func slices(_ record: EvaluationRecord) -> String {
        "<h2>Slices</h2>\n"
            + table(
                caption: "Parts of the images",
                head: ["slice", "images", "accuracy_multi", "exact match", "macro F1", "no prediction"],
                rows: record.slices.map { slice in
                    [named(slice.name), "\(slice.figures.count)", figure(slice.figures.accuracyMulti)]
                        + [
                            figure(slice.figures.exactMatch), figure(slice.figures.macro.f1),
                            "\(slice.figures.noPredictionCount)",
                        ]
                })
    }

    static func outcome(_ record: EvaluationRecord, _ outcome: ImageOutcome) -> String {
        let costliest =
            outcome.costliestLabel.map { "\(named(record.labels[$0])) (\(figure(outcome.scores[$0])))" } ?? ""
        return """
            <dl><dt>file</dt><dd>\(named(outcome.name))</dd><dt>target</dt><dd>\(set(record, outcome.target ?? []))</dd>\
            <dt>predicted</dt><dd>\(set(record, outcome.predicted))\(outcome.target == outcome.predicted ? " (right)" : "")</dd><dt>loss</dt><dd>\(figure(outcome.loss))</dd>\
            <dt>costs most</dt><dd>\(costliest)</dd></dl>
            """
    }

    private static func set(_ record: EvaluationRecord, _ labels: [Int]) -> String {
        Page.set(labels.map { record.labels[$0] }, of: record.labels)
    }

    static func wrongImages(_ record: EvaluationRecord) -> String {
        let wrong = record.topLosses.filter { !record.images.isExact($0) }
        guard !wrong.isEmpty else { return "" }
        let rows = wrong.prefix(500).map { record.images[$0] }.map { image in
            [named(image.name), set(record, image.target ?? []), set(record, image.predicted), figure(image.loss)]
        }
        return """
            <h2>Every wrong image</h2>
            <details><summary>\(wrong.count) of \(record.figures.count) images are not exactly right\
            \(wrong.count > 500 ? "; the worst 500" : "")</summary>
            \(table(
                caption: "Images whose labels are not exactly right, the worst first", head: ["file", "target", "predicted", "loss"],
                words: [1, 2], rows: Array(rows)))
            </details>
            """
    }
}
