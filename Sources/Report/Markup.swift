import Evaluation
import Foundation

/// Text as HTML: the one way by which names and labels reach a page, in text and in attributes alike. Line ends, control
/// characters and those that turn the direction of writing are spelled out.
func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.singleLine.unicodeScalars {
        switch scalar {
        case "&": result += "&amp;"
        case "<": result += "&lt;"
        case ">": result += "&gt;"
        case "\"": result += "&quot;"
        case "'": result += "&#39;"
        case "`": result += "&#96;"
        case "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result
}

/// A name as HTML: whole where it is of a length that people give, else its beginning, with the whole as its title.
func named(_ text: String) -> String {
    guard text.count > 80 else { return escaped(text) }
    return "<span title=\"\(escaped(text))\">\(escaped(String(text.prefix(72))))…</span>"
}

/// A figure with four decimals; an undefined one is a dash that says so.
func figure(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "<abbr title=\"undefined\">–</abbr>" }
    return String(format: "%.4f", value)
}

/// A change with four decimals and its sign, 0 without one; as `figure` where it is undefined.
func signed(_ value: Double?) -> String { (value ?? 0) > 0 ? "+" + figure(value) : figure(value) }

/// An HTML table that scrolls within itself. Cells are markup already; `caption` and `head` are text. The first cell of a
/// row is its heading and stays in sight; `words` are the columns that hold words rather than figures.
func table(caption: String, head: [String], words: Set<Int> = [], rows: [[String]]) -> String {
    func kind(_ index: Int) -> String { words.contains(index) ? " class=\"words\"" : "" }
    let headings = head.enumerated().map { "<th scope=\"col\"\(kind($0))>\(named($1))</th>" }.joined()
    let body = rows.map { row in
        "<tr>"
            + row.enumerated().map { index, cell in
                index == 0 ? "<th scope=\"row\">\(cell)</th>" : "<td\(kind(index))>\(cell)</td>"
            }.joined() + "</tr>"
    }
    return """
        <div class="scroll" tabindex="0"><table><caption>\(escaped(caption))</caption>
        <thead><tr>\(headings)</tr></thead>
        <tbody>
        \(body.joined(separator: "\n"))
        </tbody></table></div>
        """
}
