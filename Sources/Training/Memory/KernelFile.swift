import Foundation

/// Small files in which Linux tells numbers.
package enum KernelFile {
    package static func text(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }

    /// A file that is one number; nil for any other, as `max`.
    static func number(_ path: String) -> Int? {
        text(path).flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }

    /// First word -> the number that follows it, line by line.
    static func fields(_ path: String) -> [String: Int] {
        let lines = text(path)?.split(separator: "\n") ?? []
        let pairs = lines.compactMap { line -> (String, Int)? in
            let words = line.split(whereSeparator: \.isWhitespace)
            guard words.count > 1, let value = Int(words[1]) else { return nil }
            return (String(words[0]), value)
        }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }
}
