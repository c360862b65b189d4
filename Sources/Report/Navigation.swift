import Foundation

/// The ways through a page and to others.
enum Navigation {
    /// The sections with a name for each of their headings, and links to these and to `pages` after the first section.
    static func add(to sections: [String], pages: [PageLink] = []) -> [String] {
        var links = pages.map(\.html)
        var number = 0
        var result = sections.map { section in
            // Names are escaped, so that a heading's mark is this program's.
            var parts = section.components(separatedBy: "<h2>")
            for index in parts.indices.dropFirst() {
                number += 1
                let title = parts[index].components(separatedBy: "</h2>")[0]
                links.append("<a href=\"#part-\(number)\">\(title)</a>")
                parts[index] = "<h2 id=\"part-\(number)\">" + parts[index]
            }
            return parts.joined()
        }
        guard !result.isEmpty, links.count > 1 || !pages.isEmpty else { return result }
        result[0] += "\n<nav aria-label=\"Contents\">\(links.joined(separator: "\n"))</nav>"
        return result
    }

    /// A page that stands alone, without links to files that need not be beside it.
    static func withoutFiles(_ page: String) -> String {
        var parts = page.components(separatedBy: "<a href=\"")
        for index in parts.indices.dropFirst() {
            if parts[index].hasPrefix("#") {
                parts[index] = "<a href=\"" + parts[index]
            } else if let end = parts[index].range(of: "\">"), let close = parts[index].range(of: "</a>") {
                parts[index] = String(
                    parts[index][end.upperBound..<close.lowerBound] + parts[index][close.upperBound...])
            }
        }
        return parts.joined()
    }
}
