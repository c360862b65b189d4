import Evaluation

/// A comparison of two evaluations as a page.
public enum ComparisonReport {
    public static let flipLimit = 500

    /// `index.html` and `style.css`.
    /// - Parameter links: to the reports of both.
    public static func files(_ comparison: ModelComparison, links: [PageLink] = []) -> [(path: String, bytes: [UInt8])]
    {
        Page.files(
            title: "\(comparison.titleA) and \(comparison.titleB) - comparison",
            sections: [headline(comparison), labels(comparison), flips(comparison)], links: links)
    }

    private static func headline(_ c: ModelComparison) -> String {
        let rows = c.figures.map { change -> [String] in
            let excludesZero = (change.low ?? 0) > 0 || (change.high ?? 0) < 0
            return [
                escaped(change.name), figure(change.a), figure(change.b), signed(change.change),
                change.low == nil ? "no interval" : "\(signed(change.low)) to \(signed(change.high))",
                change.low == nil ? figure(nil) : excludesZero ? "yes" : "no",
            ]
        }
        return """
            <header>
            <h1>\(named(c.titleA)) and \(named(c.titleB))</h1>
            <p class="lead">a: \(named(c.titleA)). b: \(named(c.titleB)). The same \(c.count) images, \(c.labels.count) labels \
            and truth.</p>
            </header>
            <ul class="cards">
            <li><small>images fixed</small><b>\(c.fixedImages)</b><small>exactly right in b alone</small></li>
            <li><small>images broken</small><b>\(c.brokenImages)</b><small>exactly right in a alone</small></li>
            <li><small>McNemar's p</small><b>\(probability(c.pValue))</b><small>exact, two-sided</small></li>
            </ul>
            <h2>Figures</h2>
            <p>The interval holds the change in 95 of 100 draws of the images, both models on the same draw. Where it leaves out \
            zero, the change is more than the choice of images explains.</p>
            \(table(
                caption: "Figures of both", head: ["figure", "a", "b", "change", "interval", "leaves out zero"], rows: rows))
            """
    }

    private static func labels(_ c: ModelComparison) -> String {
        let rows = c.perLabel.map { label in
            [
                named(label.label), "\(label.support)", "\(label.fixed)", "\(label.broken)", figure(label.f1A),
                figure(label.f1B), figure(label.averagePrecisionA), figure(label.averagePrecisionB),
                probability(label.pValue), probability(label.adjustedPValue),
            ]
        }
        return """
            <h2>Labels</h2>
            \(table(
                caption: "Decisions that changed, by label",
                head: ["label", "support", "fixed", "broken", "F1 a", "F1 b", "avg. precision a", "avg. precision b", "p", "p, all labels"],
                rows: rows))
            <p class="soft">p: McNemar's exact test. The last column allows for testing every label (Holm).</p>
            """
    }

    private static func flips(_ c: ModelComparison) -> String {
        guard !c.flips.isEmpty else { return "<h2>Images</h2>\n<p>The same is predicted for every image.</p>" }
        let rows = c.flips.prefix(flipLimit).map { flip in
            [named(flip.name)]
                + [flip.target, flip.a, flip.b, flip.fixed, flip.broken].map { Page.set($0, of: c.labels) }
                + [signed(flip.lossChange)]
        }
        return """
            <h2>Images</h2>
            <p>\(c.flips.count) of \(c.count) images are called something else, the most broken first\
            \(c.flips.count > flipLimit ? "; here \(flipLimit), all in <code>flips.csv</code>" : "").</p>
            \(table(
                caption: "Images whose predictions changed",
                head: ["file", "target", "a", "b", "fixed", "broken", "loss change"], words: [1, 2, 3, 4, 5],
                rows: Array(rows)))
            """
    }

    /// A p-value, which is small and never 0.
    private static func probability(_ value: Double) -> String {
        value < 0.00005 ? escaped("< 0.0001") : figure(value)
    }
}
