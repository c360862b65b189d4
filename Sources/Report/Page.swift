import Evaluation

/// A whole page from its parts.
enum Page {
    static func files(title: String, sections: [String], pictures: Pictures = Pictures(), links: [PageLink] = []) -> [(
        path: String, bytes: [UInt8]
    )] {
        let page = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <title>\(escaped(title))</title>
            \(styleLink)
            </head>
            <body>
            \(Navigation.add(to: sections, pages: links).joined(separator: "\n"))
            </body>
            </html>

            """
        return [("index.html", Array(page.utf8)), ("style.css", Array(StyleSheet.text.utf8))] + pictures.files
    }

    static let styleLink = "<link rel=\"stylesheet\" href=\"style.css\"/>"

    /// The way back to the report that a page belongs to.
    static let back = [PageLink(path: "index.html", text: "The report")]

    /// Some of `all` labels as words.
    static func set(_ labels: [String], of all: [String]) -> String {
        labels.isEmpty
            ? "<em>\(escaped(ConfusionMatrix.nothing(beside: all)))</em>" : labels.map(named).joined(separator: "; ")
    }
}
