import Evaluation
import Foundation
import Raster

/// One picture of the data set: its labels decide who is in it and what they wear, a seed decides the rest.
package enum Picture {
    package static let noFace = "-"
    package static let noMask = "No_mask!"

    /// Draws a picture that carries `labels`. A shield goes over one other mask; other sets are several people.
    package static func draw(labels: [String], seed: UInt64) throws -> Image {
        var random = SeededGenerator(seed: seed)
        let shapes = [(256, 256), (240, 300), (300, 240), (224, 280), (320, 240), (260, 260)]
        let (width, height) = shapes[random.integer(below: shapes.count)]
        let canvas = try Canvas(width: width, height: height)
        if labels == [noFace] {
            Backdrop.stillLife(on: canvas, &random)
        } else {
            Backdrop.draw(on: canvas, &random)
            let worn = labels.compactMap(Mask.init(rawValue:))
            let others = worn.filter { $0 != .shield }
            if worn.contains(.shield) || others.count <= 1 {
                let x = Double(width) * (0.5 + random.normal() * 0.06)
                let size = Double(min(width, height)) * random.uniform(0.27, 0.36)
                person(
                    canvas, x, Double(height) * random.uniform(0.42, 0.5), size, others + worn.filter { $0 == .shield },
                    &random)
            } else {
                for (index, mask) in others.enumerated() {
                    let x = Double(width) * (Double(index) + 0.5) / Double(others.count)
                    let size = min(Double(width) / Double(others.count) * 0.46, Double(height) * 0.28)
                    person(canvas, x, Double(height) * random.uniform(0.4, 0.52), size, [mask], &random)
                }
            }
        }
        light(canvas, &random)
        return noisy(canvas.image(), amount: random.uniform(1.5, 7), &random)
    }

    private static func person(
        _ canvas: Canvas, _ x: Double, _ y: Double, _ size: Double, _ masks: [Mask], _ random: inout SeededGenerator
    ) {
        let person = Person(&random)
        canvas.saved {
            canvas.translate(x, y)
            canvas.scale(size, size)
            canvas.rotate(person.tilt)
            person.draw(on: canvas)
            for mask in masks { mask.draw(on: canvas, yaw: person.yaw, &random) }
        }
    }

    /// A light from one side, a cast of colour, and darker corners.
    private static func light(_ canvas: Canvas, _ random: inout SeededGenerator) {
        let (width, height) = (Double(canvas.width), Double(canvas.height))
        let (x, y) = (random.uniform(0, width), random.uniform(0, height * 0.6))
        canvas.rectangle(0, 0, width, height)
        canvas.fill(
            radialAt: (x, y), radius: width * 1.2,
            stops: [
                (0, Color(1, 0.96, 0.85, alpha: random.uniform(0, 0.22))), (0.5, Color(0, 0, 0, alpha: 0)),
                (1, Color(0, 0, 0.05, alpha: random.uniform(0.1, 0.45))),
            ])
        canvas.rectangle(0, 0, width, height)
        canvas.fill(Color.random(&random).with(alpha: random.uniform(0, 0.1)))
    }

    /// Sensor noise: roughly normal, `amount` grey levels of deviation, partly shared by the channels.
    private static func noisy(_ image: Image, amount: Double, _ random: inout SeededGenerator) -> Image {
        var image = image
        func triangle(_ bits: UInt64) -> Double { Double(bits & 255) + Double(bits >> 8 & 255) - 255 }
        for pixel in 0..<image.width * image.height {
            let bits = random.next()
            let shared = triangle(bits)
            for channel in 0..<3 {
                let own = triangle(bits >> UInt64(16 + 16 * channel))
                let value = Double(image.pixels[pixel * 3 + channel]) + (shared + own) / 150 * amount
                image.pixels[pixel * 3 + channel] = UInt8(max(0, min(255, value)))
            }
        }
        return image
    }
}
