import Evaluation

/// One property of the pictures and the values it is given, all else being left as it is.
public struct Sweep: Sendable, Equatable {
    public enum Factor: String, Sendable, CaseIterable {
        /// The edge of the network's input, in pixels.
        case size
        /// A Gaussian blur's standard deviation, in pixels of the network's input.
        case blur
        /// The standard deviation of normal noise on every channel, in 256ths of the whole range.
        case noise
        /// The quality at which the network's input is saved as JPEG and read again, 1...100.
        case jpeg
        /// What every channel is multiplied by.
        case brightness

        var range: ClosedRange<Double> {
            switch self {
            case .size: 8...4096
            case .blur: 0...50
            case .noise: 0...255
            case .jpeg: 1...100
            case .brightness: 0...10
            }
        }

        var isWhole: Bool { self == .size || self == .jpeg }

        /// The value of a picture that is left as it is; nil where none says so.
        public func unchanged(_ preprocessing: Preprocessing) -> Double? {
            switch self {
            case .size: Double(preprocessing.size)
            case .blur, .noise: 0
            case .jpeg: nil
            case .brightness: 1
            }
        }
    }

    public let factor: Factor
    /// Each once, ascending.
    public let values: [Double]

    static let mostValues = 50

    /// Reads `size=128,224,460`.
    /// - Throws: `InputError` for an unknown factor, or values that are missing, too many, doubled, no numbers or out of range.
    public init(parsing text: String) throws {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let factor = Factor(rawValue: String(parts[0])) else {
            let factors = Factor.allCases.map(\.rawValue).joined(separator: ", ")
            throw InputError(
                "a sweep cannot be read", expected: "factor=value,value,… with one of \(factors)", got: "'\(text)'")
        }
        let kind = factor.isWhole ? "a whole number" : "a number"
        let values = try parts[1].split(separator: ",", omittingEmptySubsequences: false).map { part -> Double in
            guard let value = StrictNumber.parse(String(part)), factor.range.contains(value),
                !factor.isWhole || value == value.rounded()
            else {
                throw InputError(
                    "a value of the sweep over \(factor.rawValue) cannot be used",
                    expected:
                        "\(kind) from \(Self.plain(factor.range.lowerBound)) to \(Self.plain(factor.range.upperBound))",
                    got: "'\(part)'")
            }
            return value
        }
        guard Set(values).count == values.count, values.count <= Self.mostValues else {
            throw InputError(
                "a sweep over \(factor.rawValue) has doubled or too many values",
                expected: "1 to \(Self.mostValues) values, each once", got: "'\(text)'")
        }
        self.factor = factor
        self.values = values.sorted()
    }

    static func plain(_ value: Double) -> String { value == value.rounded() ? "\(Int(value))" : "\(value)" }
}
