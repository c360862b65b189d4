import Evaluation
import Foundation

/// fastai's brightness, contrast and saturation, which act on the logits of values 0...1, and hue.
package struct Lighting: Equatable {
    /// Added to the logits.
    package var brightness = 0.0
    /// Multiplies the logits.
    package var contrast = 1.0
    /// 1 leaves colours, 0 makes them grey.
    package var saturation = 1.0
    /// Added to the hue, in turns.
    package var hue = 0.0

    package init() {}

    package init(_ augmentation: Augmentation, _ generator: inout SeededGenerator) {
        func maybe(_ most: Double, _ low: Double, _ high: Double) -> Double? {
            guard most > 0 else { return nil }
            let (does, value) = (generator.uniform() < augmentation.lightingProbability, generator.uniform(low, high))
            return does ? value : nil
        }
        let light = augmentation.lighting
        if let level = maybe(light, 0.5 * (1 - light), 0.5 * (1 + light)) { brightness = log(level / (1 - level)) }
        contrast = exp(maybe(light, log(1 - light), -log(1 - light)) ?? 0)
        let colour = augmentation.saturation
        saturation = exp(maybe(colour, log(1 - colour), -log(1 - colour)) ?? 0)
        let turn = augmentation.hue
        hue = maybe(turn, log(1 - turn), -log(1 - turn)).map(exp) ?? 0
    }

    private static func logit(_ value: Float) -> Double {
        // In single precision, as fastai: 1 - 1e-7 there is nearer to 1, and saturation feels it.
        -log(1 / Double(min(max(value, 1e-7), 1 - 1e-7)) - 1)
    }

    private static func value(_ logit: Double) -> Float { Float(1 / (1 + exp(-logit))) }

    /// Changes `count` pixels of R, G, B, values 0...1, in place.
    package func apply(_ pixels: UnsafeMutablePointer<Float>, count: Int) {
        if saturation != 1 {
            for pixel in 0..<count { saturate(pixels + pixel * 3) }
        } else if brightness != 0 || contrast != 1 {
            applyCurve(pixels, count: count * 3)
        }
        if hue != 0 { for pixel in 0..<count { turn(pixels + pixel * 3) } }
    }

    /// Without colour it is one curve: read from a table with straight lines between, which is 0.05 grey levels off at most.
    private func applyCurve(_ values: UnsafeMutablePointer<Float>, count: Int) {
        let steps = 4096
        let table = (0...steps + 1).map {
            Self.value((Self.logit(Float($0) / Float(steps)) + brightness) * contrast)
        }
        table.withUnsafeBufferPointer { table in
            for at in 0..<count {
                let place = min(max(values[at], 0), 1) * Float(steps)
                let low = Int(place)
                values[at] = table[low] + (place - Float(low)) * (table[low + 1] - table[low])
            }
        }
    }

    private func saturate(_ pixel: UnsafeMutablePointer<Float>) {
        let logits = (0..<3).map { (Self.logit(pixel[$0]) + brightness) * contrast }
        let grey = 0.2989 * logits[0] + 0.5870 * logits[1] + 0.1140 * logits[2]
        for channel in 0..<3 { pixel[channel] = Self.value(saturation * logits[channel] + (1 - saturation) * grey) }
    }

    /// Through hue, saturation and value, all 0...1.
    private func turn(_ pixel: UnsafeMutablePointer<Float>) {
        let (r, g, b) = (Double(pixel[0]), Double(pixel[1]), Double(pixel[2]))
        let (most, least) = (max(r, g, b), min(r, g, b))
        let range = most - least
        guard range > 0 else { return }
        let sixth = r == most ? (g - b) / range : g == most ? 2 + (b - r) / range : 4 + (r - g) / range
        let turned = (sixth / 6 + 1 + hue).truncatingRemainder(dividingBy: 1) * 6
        let rest = turned - turned.rounded(.down)
        let (falling, rising) = (most - range * rest, most - range * (1 - rest))
        let colour: (Double, Double, Double)
        switch Int(turned) % 6 {
        case 0: colour = (most, rising, least)
        case 1: colour = (falling, most, least)
        case 2: colour = (least, most, rising)
        case 3: colour = (least, falling, most)
        case 4: colour = (rising, least, most)
        default: colour = (most, least, falling)
        }
        (pixel[0], pixel[1], pixel[2]) = (Float(colour.0), Float(colour.1), Float(colour.2))
    }
}
