import Evaluation
import Foundation

/// Random erasing (Zhong et al., 2020) as fastai's: at most 0.3 of the area, ratio log-uniform in 0.3...1/0.3, replaced by
/// standard normal noise after normalisation.
package struct RandomErasing {
    let probability: Double

    package init(probability: Double) { self.probability = probability }

    /// - Parameter pixels: normalised, `[edge, edge, 3]`, changed in place.
    package func apply(_ pixels: UnsafeMutablePointer<Float>, edge: Int, _ generator: inout SeededGenerator) {
        guard probability > 0, generator.uniform() < probability else { return }
        let area = generator.uniform(0, 0.3) * Double(edge * edge)
        let ratio = exp(generator.uniform(log(0.3), -log(0.3)))
        func range(_ area: Double) -> Range<Int> {
            let length = Int(area.squareRoot().rounded())
            let start = generator.integer(below: max(edge - length, 0) + 1)
            return start..<min(edge, start + length)
        }
        let (rows, columns) = (range(area * ratio), range(area / ratio))
        for row in rows {
            for at in row * edge * 3 + columns.lowerBound * 3..<row * edge * 3 + columns.upperBound * 3 {
                pixels[at] = Float(generator.normal())
            }
        }
    }
}
