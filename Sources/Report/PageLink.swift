import Foundation

/// A page that lies beside another, or is reached from it.
public struct PageLink: Sendable, Equatable {
    /// Relative to the page's folder, `/` between names.
    public var path: String
    public var text: String

    public init(path: String, text: String) {
        (self.path, self.text) = (path, text)
    }

    /// - Parameters: `file` and `folder` are paths as given; the link leads from a page in the folder to the file.
    public init(to file: String, from folder: String, text: String) {
        func parts(_ path: String) -> [String] {
            URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().pathComponents
        }
        let (target, base) = (parts(file), parts(folder))
        let shared = zip(target, base).prefix { $0 == $1 }.count
        let path = Array(repeating: "..", count: base.count - shared) + target[shared...]
        self.init(path: path.joined(separator: "/"), text: text)
    }

    var html: String {
        let address = path.addingPercentEncoding(withAllowedCharacters: Self.allowed) ?? ""
        return "<a href=\"\(escaped(address))\">\(named(text))</a>"
    }

    /// Letters, digits and what cannot end an attribute or begin a scheme.
    private static let allowed = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")
}
