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

    /// The arguments with `--name -1` as `--name=-1`: no option begins with a digit, so a number below 0 is a value that
    /// is out of range, not an option that is unknown.
    static func joined(_ arguments: [String]) -> [String] {
        let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
        var result: [String] = []
        for (index, argument) in arguments.enumerated() {
            let second = argument.dropFirst().first
            let isNumber = argument.first == "-" && (second?.isNumber == true || second == ".")
            if isNumber, index < end, let last = result.last, last.hasPrefix("--"), !last.contains("=") {
                result[result.count - 1] = "\(last)=\(argument)"
            } else {
                result.append(argument)
            }
        }
        return result
    }
}
