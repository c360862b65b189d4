import Evaluation
import Foundation

/// Round numbers along an axis.
package struct Ticks {
    /// About five multiples of 1, 2 or 5 times a power of ten that enclose the axis.
    package let values: [Double]
    /// What stands beside each, with the decimals that the step between them has.
    package let labels: [String]

    package init(_ low: Double, _ high: Double) {
        let raw = (high - low) / 5
        let power = pow(10, floor(log10(raw)))
        let step = [1.0, 2, 5, 10].map { $0 * power }.first { $0 >= raw * 0.999 } ?? 0
        let (first, last) = ((low / step + 1e-9).rounded(.down), (high / step - 1e-9).rounded(.up))
        // What is too small or too large to be parted has one tick.
        guard low < high, step > 0, step.isFinite, first.magnitude < 1e15, last.magnitude < 1e15, first <= last else {
            (values, labels) = ([low], [FigureText.of(low)])
            return
        }
        values = (Int(first)...Int(last)).map { Double($0) * step }
        let decimals = max(0, -Int(floor(log10(step * 1.001))))
        let largest = max(abs(first), abs(last))
        // Enough of them that no two neighbours look the same.
        let digits = min(17, max(6, Int(log10(max(largest, 1))) + 2))
        labels = values.map { value in
            decimals <= 6 && largest * step < 1e6
                ? FigureText.decimals(value, atMost: decimals) : String(format: "%.\(digits)g", value)
        }
    }
}
