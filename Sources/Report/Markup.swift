import Foundation

/// Text as HTML: the one way by which names and labels reach a page, in text and in attributes alike.
func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "&": result += "&amp;"
        case "<": result += "&lt;"
        case ">": result += "&gt;"
        case "\"": result += "&quot;"
        case "'": result += "&#39;"
        case "`": result += "&#96;"
        case _ where scalar.value < 0x20 && scalar != "\n" && scalar != "\t": result += "\u{FFFD}"
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result
}

/// A figure with four decimals; an undefined one is a dash that says so.
func figure(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "<abbr title=\"undefined\">–</abbr>" }
    return String(format: "%.4f", value)
}

/// An HTML table. Cells are markup already; `caption` and `head` are text. The first cell of a row is its heading.
func table(caption: String, head: [String], rows: [[String]]) -> String {
    let headings = head.map { "<th scope=\"col\">\(escaped($0))</th>" }.joined()
    let body = rows.map { row in
        "<tr>"
            + row.enumerated().map { index, cell in index == 0 ? "<th scope=\"row\">\(cell)</th>" : "<td>\(cell)</td>" }
            .joined() + "</tr>"
    }
    return """
        <div class="scroll"><table><caption>\(escaped(caption))</caption>
        <thead><tr>\(headings)</tr></thead>
        <tbody>
        \(body.joined(separator: "\n"))
        </tbody></table></div>
        """
}
