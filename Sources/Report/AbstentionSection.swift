import Evaluation
import Foundation
import Raster

/// What is gained by leaving images in doubt to a person, and which predictions contradict themselves.
enum AbstentionSection {
    static func html(_ record: EvaluationRecord, _ analysis: Analysis, _ pictures: inout Pictures) throws -> String {
        var text = ""
        if let risk = analysis.riskCoverage { text += try curve(record, risk, pictures: &pictures) }
        if let found = analysis.contradictions { text += contradictions(found, of: record.labels) }
        return text
    }

    private static func curve(
        _ record: EvaluationRecord, _ risk: RiskCoverage, pictures: inout Pictures
    ) throws -> String {
        let chart = LineChart(
            title: "Risk by coverage", xTitle: "share of images that are answered, the surest first",
            lines: [
                .init(
                    name: "images not exactly right", color: Palette.blue,
                    points: risk.points.map { ($0.coverage, $0.exactMatchError) }),
                .init(
                    name: "wrong decisions", color: Palette.orange,
                    points: risk.points.map { ($0.coverage, $0.hammingLoss) }),
                .init(
                    name: "not exactly right, in any order", color: Palette.soft,
                    points: [(0, risk.exactMatchArea.random), (1, risk.exactMatchArea.random)], isDashed: true),
            ])
        let points = [0.5, 0.7, 0.8, 0.9, 0.95, 1].compactMap { risk.point(coverage: $0) }
        let rows = points.reduce(into: [RiskCoverage.Point]()) { if $0.last != $1 { $0.append($1) } }.map { point in
            [
                String(format: "%.1f %%", point.coverage * 100), "\(point.count)", figure(point.confidence),
                figure(point.exactMatchError), "\(figure(point.intervalLow))…\(figure(point.intervalHigh))",
                figure(point.hammingLoss),
            ]
        }
        let area = risk.exactMatchArea
        return """
            <h2>Leaving doubtful images to a person</h2>
            <p>An image's confidence is its least margin: over its labels, how far the probability lies from the threshold, as a \
            share of the way to 0 or 1. The area under the curve of images not exactly right is <strong>\(figure(area.value))</strong>; \
            no order has less than \(figure(area.best)), and a random one has \(figure(area.random)). No label at all was predicted \
            for \(record.figures.noPredictionCount) of \(record.figures.count) images. All points are in \
            <a href="\(RiskCoverage.file)">\(RiskCoverage.file)</a>.</p>
            \(try pictures.chart(
                "risk-coverage", wide: chart.draw(), narrow: chart.draw(width: Pictures.phoneWidth),
                alt: "Risk by coverage; area of images not exactly right \(figure(area.value))"))
            \(table(
                caption: "What is wrong among the images that are answered",
                head: ["answered", "images", "least confidence", "not exactly right", "95 % interval", "wrong decisions"],
                rows: rows))
            """
    }

    private static func contradictions(_ found: Contradictions, of labels: [String]) -> String {
        let rows = found.images.prefix(100).map { image in
            [
                named(image.name), Page.set(image.predicted, of: labels),
                image.target.map { Page.set($0, of: labels) } ?? figure(nil),
            ]
        }
        let given =
            found.contradictoryTargets == 0
            ? "" : " The given labels themselves contradict each other on \(found.contradictoryTargets)."
        return """

            <h2>Contradictions</h2>
            <p>\(Page.set(found.exclusive, of: labels)): never together with another label. <strong>\(found.images.count) of \(found.count) \
            images</strong> (\(figure(found.intervalLow))…\(figure(found.intervalHigh))) are predicted so all the same.\(given) All \
            are in <a href="\(Contradictions.file)">\(Contradictions.file)</a>.</p>
            \(rows.isEmpty ? "" : table(
                caption: "Images whose predicted labels exclude each other", head: ["file", "predicted", "target"], words: [1, 2],
                rows: rows))
            """
    }
}
