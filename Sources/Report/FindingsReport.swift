import Evaluation
import Raster

/// What is wrong with a data set, as a page with the pictures in question.
public enum FindingsReport {
    /// How many of a kind are shown with their pictures.
    public static let shownCount = 40

    /// `index.html`, `style.css`, `img/*.png`.
    /// - Throws: `ImageError` if a picture cannot be written.
    public static func files(
        _ findings: DataFindings, imageFolder: String?
    ) throws -> [(path: String, bytes: [UInt8])] {
        var pictures = Pictures()
        let sections = [
            headline(findings), try wrongLabels(findings, imageFolder, &pictures),
            try duplicateImages(findings, imageFolder, &pictures), duplicateLabels(findings),
        ]
        return Page.files(title: "Data findings", sections: sections, pictures: pictures)
    }

    private static func headline(_ f: DataFindings) -> String {
        func card(_ name: String, _ value: String, _ remark: String) -> String {
            "<li><small>\(name)</small><b>\(value)</b><small>\(remark)</small></li>"
        }
        let asOne = f.duplicateLabels.map { "\($0.pairs.count { $0.behavesAsOne })" } ?? "–"
        return """
            <header><h1>Data findings</h1>
            <p class="lead">\(f.count) images, \(f.labels.count) labels.</p></header>
            <ul class="cards">
            \(card("wrong-label candidates", f.wrongLabels.map { "\($0.count { $0.isConfident })" } ?? "–", "more confident in another label"))
            \(card("duplicates", "\(f.duplicateImages.count { $0.kind == .exact })", "the same pixels"))
            \(card("near-duplicates", "\(f.duplicateImages.count { $0.kind == .near })", "nearly the same picture"))
            \(card("alike by features", "\(f.duplicateImages.count { $0.kind == .features })", "to the network"))
            \(card("across the split", "\(f.duplicateImages.count(where: \.crossesSplit))", "training and validation"))
            \(card("labels that behave as one", asOne, "of \(f.duplicateLabels?.pairs.count ?? 0) pairs"))
            </ul>
            \(f.remarks.map { "<p>\(escaped($0))</p>" }.joined(separator: "\n"))
            """
    }

    private static func wrongLabels(
        _ f: DataFindings, _ folder: String?, _ pictures: inout Pictures
    ) throws -> String {
        guard let found = f.wrongLabels else { return "" }
        var items = ""
        for (rank, image) in found.prefix(shownCount).enumerated() {
            items += """
                <li>\(try picture("wrong-\(rank + 1)", image.name, folder, &pictures))<dl><dt>file</dt><dd>\(named(image.name))</dd>\
                <dt>given</dt><dd>\(Page.set(image.given, of: f.labels))</dd><dt>suggested</dt><dd>\(Page.set(image.suggested, of: f.labels))</dd>\
                <dt>belief</dt><dd>\(figure(image.selfConfidence)) in what is given for \(named(image.label))</dd></dl></li>

                """
        }
        return """
            <h2>Probably wrong labels</h2>
            <p>The least believable first, by the probability that the model gives to what the labels say. More are in \
            <code>wrong_labels.csv</code>. A person decides.</p>
            <ul class="losses">
            \(items)</ul>
            """
    }

    private static func duplicateImages(
        _ f: DataFindings, _ folder: String?, _ pictures: inout Pictures
    ) throws -> String {
        guard !f.duplicateImages.isEmpty else { return "<h2>Duplicate images</h2>\n<p>None found.</p>" }
        var items = ""
        for (rank, pair) in f.duplicateImages.prefix(shownCount).enumerated() {
            let remarks = [pair.crossesSplit ? "across the split" : "", pair.labelsDiffer ? "other labels" : ""]
                .filter { !$0.isEmpty }.joined(separator: ", ")
            items += """
                <li>\(try picture("duplicate-\(rank + 1)", pair.second, folder, &pictures))<dl><dt>files</dt>\
                <dd>\(named(pair.first)) and \(named(pair.second))</dd><dt>kind</dt><dd>\(pair.kind.rawValue)\
                \(remarks.isEmpty ? "" : ", \(remarks)")</dd><dt>likeness</dt><dd>\(figure(pair.similarity))</dd></dl></li>

                """
        }
        return """
            <h2>Duplicate images</h2>
            <p>\(f.duplicateImages.count) pairs; all are in <code>duplicate_images.csv</code>. A picture in both training and \
            validation makes validation look better than it is.</p>
            <ul class="losses">
            \(items)</ul>
            """
    }

    private static func duplicateLabels(_ f: DataFindings) -> String {
        guard let found = f.duplicateLabels else { return "" }
        let rows = found.pairs.prefix(shownCount).map { pair in
            [
                "\(named(pair.first)) / \(named(pair.second))", figure(pair.crossPrediction), figure(pair.correlation),
                figure(pair.featureDistance),
                figure(pair.pValue), pair.behavesAsOne ? "yes" : "no",
            ]
        }
        let merges = f.merges.flatMap { merge -> [[String]] in
            [("before", merge.before), ("after", merge.after)].map { name, figures in
                [
                    "\(named(merge.first)) / \(named(merge.second)), \(name)", figure(figures.accuracyMulti),
                    figure(figures.exactMatch), figure(figures.macro.f1), figure(figures.meanAveragePrecision),
                ]
            }
        }
        let simulated =
            merges.isEmpty
            ? ""
            : table(
                caption: "The figures if both were one label, on the same scores",
                head: ["labels", "accuracy_multi", "exact match", "macro F1", "mean avg. precision"], rows: merges)
        return """
            <h2>Labels that behave as one</h2>
            <p>Cross-prediction: how much a label is predicted on images that carry only the other, as a share of how much on its \
            own. The largest of all pairs stays below \(figure(found.nullCeiling)) in 95 of 100 shuffles. \
            Feature distance: how far apart the pictures of both lie in the network; 0 where it sees no difference, 1 as far as \
            pictures of one label.</p>
            \(table(caption: "Pairs of labels", head: ["labels", "cross-prediction", "score correlation", "feature distance", "p", "as one"], rows: Array(rows)))
            \(simulated)
            \(untold(found))
            """
    }

    private static func untold(_ found: DuplicateLabels) -> String {
        guard !found.untold.isEmpty else { return "" }
        let beyond = found.untold.filter(\.isBeyondChance)
        let (shown, others) = (beyond.prefix(shownCount), found.untold.count - beyond.count)
        let rows = shown.map { pair in
            [
                "\(named(pair.first)) / \(named(pair.second))", "\(pair.count)",
                pair.isAlwaysTogether ? "on the same images" : "the first never without the second",
            ]
        }
        return """
            <p>Pairs of labels that no image tells apart are not among these: no prediction can show whether they are one. \
            Two on the same images may be one thing named twice; one that is never without the other may be a kind of it. \
            \(beyond.count == 1 ? "1 is" : "\(beyond.count) are") so beyond chance\(shown.count < beyond.count ? ", of which \(shown.count) are shown" : ""), \
            \(others) may be so by chance; all are in <code>findings.json</code>.</p>
            \(rows.isEmpty ? "" : table(caption: "Labels that are never apart", head: ["labels", "images of the first", "how"], rows: rows))
            """
    }

    private static func picture(
        _ tag: String, _ name: String, _ folder: String?, _ pictures: inout Pictures
    ) throws -> String {
        guard let folder else { return "" }
        guard let image = try? TopLossSheet.thumbnail(name, folder: folder) else {
            return "<p class=\"soft\">The image cannot be shown.</p>"
        }
        return try pictures.tag(tag, image, alt: "Image \(name)", scale: 1)
    }
}
