import Evaluation
import Foundation

/// How far each figure may be off.
enum IntervalSection {
    /// `0.9312…0.9561`; why there is no interval where there is none, and nothing where none was asked for.
    static func text(_ bounds: FigureIntervals.Bounds?) -> String {
        guard let shown = bounds?.shown else { return bounds?.reason.map { "no interval: \(escaped($0))" } ?? "" }
        return "\(figure(shown.low))…\(figure(shown.high))\(shown.isExact ? " exact" : "")"
    }

    /// The same with a dash where there is no interval.
    static func short(_ bounds: FigureIntervals.Bounds?) -> String {
        bounds?.shown == nil ? figure(nil) : text(bounds)
    }

    static func html(_ intervals: FigureIntervals) -> String {
        let share = String(format: "%g", intervals.confidence * 100)
        let figures = [
            ("precision", "precision"), ("recall", "recall"), ("f1", "F1"), ("jaccard", "Jaccard"),
            ("matthews", "Matthews"), ("balanced_accuracy", "balanced accuracy"),
            ("average_precision", "avg. precision"), ("roc_auc", "ROC AUC"),
        ]
        func exact(_ bounds: FigureIntervals.Bounds?) -> String {
            guard let low = bounds?.exactLow, let high = bounds?.exactHigh else { return figure(nil) }
            return "\(figure(low))…\(figure(high))"
        }
        func cell(_ bounds: FigureIntervals.Bounds?) -> String {
            guard let low = bounds?.low, let high = bounds?.high else { return figure(nil) }
            return "\(figure(low))…\(figure(high))"
        }
        return """
            <details><summary>How far the figures of each label may be off</summary>
            <p>\(share) % intervals: of another set of images as large as this one, drawn from the same source, the figure would \
            mostly lie here. Bootstrap over images, \(intervals.resamples) samples\(intervals.stratified == true ? ", each label's share kept" : ""); <em>exact</em> is \
            Clopper and Pearson's. Where all samples are equal or images are too few, the bootstrap cannot tell. A label with few images has wide ones: no figure of it says much.</p>
            \(table(
                caption: "\(share) % intervals of each label's figures",
                head: ["label"] + figures.map(\.1) + ["precision, exact", "recall, exact"],
                rows: intervals.perLabel.map { label in
                    [named(label.label)] + figures.map { cell(label.figures[$0.0]) }
                        + [exact(label.figures["precision"]), exact(label.figures["recall"])]
                }))
            </details>
            """
    }
}
