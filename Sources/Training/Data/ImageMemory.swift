import Evaluation
import Foundation

/// How much memory decoded pictures may take while training, so that later epochs need not decode them.
public enum ImageMemory: Sendable, Equatable {
    /// What the pictures take, at most half of the free memory, and never what the training itself or others need.
    case automatic
    /// At most so many bytes.
    case bytes(Int)

    /// - Parameter text: `auto`, `0`, or a size as `500MB`, `2GB` or `1.5GiB`.
    public init?(_ text: String) {
        let text = text.lowercased()
        if text == "auto" {
            self = .automatic
            return
        }
        let units: [(name: String, bytes: Double)] = [
            ("mib", 0x1p20), ("gib", 0x1p30), ("mb", 1e6), ("gb", 1e9),
        ]
        if text == "0" {
            self = .bytes(0)
            return
        }
        guard let unit = units.first(where: { text.hasSuffix($0.name) }),
            let number = StrictNumber.parse(String(text.dropLast(unit.name.count))), number >= 0, number < 1e9
        else { return nil }
        self = .bytes(Int(number * unit.bytes))
    }
}
