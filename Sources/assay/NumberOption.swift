import ArgumentParser
import Evaluation

/// A decimal number on the command line; Swift's own reading would take `nan` and `inf`.
enum NumberOption {
    /// - Throws: `ValidationError` naming the option, unless there is none or a number for which `isValid`.
    static func parse(
        _ text: String?, _ name: String, expected: String, _ isValid: (Double) -> Bool
    ) throws -> Double? {
        guard let text else { return nil }
        guard let value = StrictNumber.parse(text), isValid(value) else {
            throw ValidationError("\(name): expected \(expected), got '\(text)'.")
        }
        return value
    }
}
