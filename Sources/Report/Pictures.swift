import Evaluation
import Foundation
import Raster

/// The pictures of a page, each named by what it shows and never by what a user typed.
struct Pictures {
    private(set) var files: [(path: String, bytes: [UInt8])] = []

    /// Charts have twice the pixels that they are shown with.
    static let chartScale = 2
    /// The width, in CSS pixels, that a chart may have on a phone.
    static let phoneWidth = 344

    /// An `img` of the picture, shown at 1/`scale` of its pixels.
    mutating func tag(_ name: String, _ image: Image, alt: String, scale: Int) throws -> String {
        "<img src=\"\(try add(name, image))\" alt=\"\(escaped(alt))\" \(Self.size(image, scale)) loading=\"lazy\"/>"
    }

    /// A chart at the size it was drawn for, which scrolls within itself where there is no room for that.
    mutating func chart(_ name: String, _ image: Image, alt: String, scale: Int = Pictures.chartScale) throws -> String
    {
        "<figure class=\"chart scroll\" tabindex=\"0\">\(try tag(name, image, alt: alt, scale: scale))</figure>\n"
    }

    /// A chart drawn twice, so that its text has the same size on a desk and on a phone.
    mutating func chart(_ name: String, wide: Image, narrow: Image, alt: String) throws -> String {
        let source = try add(name + "-narrow", narrow)
        return """
            <figure class="chart"><picture><source media="(max-width: 47rem)" srcset="\(source)" \
            \(Self.size(narrow, Self.chartScale))/>\(try tag(name, wide, alt: alt, scale: Self.chartScale))</picture></figure>

            """
    }

    private mutating func add(_ name: String, _ image: Image) throws -> String {
        let path = "img/\(name).png"
        files.append((path, try image.pngBytes()))
        return path
    }

    private static func size(_ image: Image, _ scale: Int) -> String {
        "width=\"\(image.width / scale)\" height=\"\(image.height / scale)\""
    }

    /// The page with each of `files` in place of its path.
    ///
    /// Names and labels are escaped, so that an attribute that begins with `img/` is this program's.
    static func embedded(_ page: String, _ files: [(path: String, bytes: [UInt8])]) -> String {
        let pictures = Dictionary(files.map { ($0.path, $0.bytes) }, uniquingKeysWith: { first, _ in first })
        var parts = page.components(separatedBy: "=\"img/")
        for index in parts.indices.dropFirst() {
            let end = parts[index].firstIndex(of: "\"") ?? parts[index].endIndex
            let path = "img/" + parts[index][..<end]
            let data = Data(pictures[path] ?? []).base64EncodedString()
            parts[index] = "=\"data:image/png;base64,\(data)" + parts[index][end...]
        }
        return parts.joined()
    }
}
