import Evaluation
import Foundation
import Raster

/// fastai's flip, rotation, zoom, warp and random-resized crop of a square picture as one map, so that they cost one
/// interpolation. Coordinates run from -1 to 1 between the centres of the outermost pixels.
package struct RandomView {
    let augmentation: Augmentation
    /// Smallest share of the picture's area that the crop keeps; the crop is square.
    let minScale: Double

    package init(augmentation: Augmentation, minScale: Double) {
        (self.augmentation, self.minScale) = (augmentation, minScale)
    }

    /// What was drawn.
    package struct Draw: Equatable {
        package var flips = false
        /// Radians.
        package var angle = 0.0
        package var zoom = 1.0
        /// Of the zoom, 0...1 across and down.
        package var center = (x: 0.5, y: 0.5)
        package var warp = (x: 0.0, y: 0.0)
        /// In pixels of the source.
        package var crop: Box

        package init(crop: Box) { self.crop = crop }

        package static func == (a: Draw, b: Draw) -> Bool {
            a.flips == b.flips && a.angle == b.angle && a.zoom == b.zoom && a.center == b.center && a.warp == b.warp
                && a.crop == b.crop
        }
    }

    package func draw(edge: Int, _ generator: inout SeededGenerator) -> Draw {
        let p = augmentation.affineProbability
        func maybe(_ probability: Double, _ low: Double, _ high: Double) -> Double? {
            let (does, value) = (generator.uniform() < probability, generator.uniform(low, high))
            return does ? value : nil
        }
        var draw = Draw(crop: Box(x: 0, y: 0, width: Double(edge), height: Double(edge)))
        draw.flips = generator.uniform() < 0.5
        draw.warp.x = maybe(p, -augmentation.warp, augmentation.warp) ?? 0
        draw.warp.y = maybe(p, -augmentation.warp, augmentation.warp) ?? 0
        draw.angle = (maybe(p, -augmentation.rotate, augmentation.rotate) ?? 0) * .pi / 180
        draw.zoom = maybe(p, 1, augmentation.zoom) ?? 1
        draw.center = (generator.uniform(), generator.uniform())
        if minScale < 1 {
            let side = min(
                edge, max(1, Int((generator.uniform(minScale, 1) * Double(edge * edge)).squareRoot().rounded())))
            draw.crop = Box(
                x: Double(generator.integer(below: edge - side + 1)),
                y: Double(generator.integer(below: edge - side + 1)), width: Double(side), height: Double(side))
        }
        return draw
    }

    /// From a pixel of the `size` x `size` result to one of the `edge` x `edge` source.
    package static func map(_ draw: Draw, edge: Int, size: Int) -> Homography {
        let half = Double(max(edge - 1, 1)) / 2
        let steps = Double(max(size - 1, 1))
        // Result pixel to the crop's pixel to -1...1.
        let toUnits = Homography.axes(
            scaleX: (draw.crop.width - 1) / steps / half, shiftX: draw.crop.x / half - 1,
            scaleY: (draw.crop.height - 1) / steps / half, shiftY: draw.crop.y / half - 1)
        let flip = Homography.axes(scaleX: draw.flips ? -1 : 1, shiftX: 0, scaleY: 1, shiftY: 0)
        let (c, s) = (cos(draw.angle), sin(draw.angle))
        let rotation = Homography([c, s, 0, -s, c, 0, 0, 0, 1])
        let scale = 1 / draw.zoom
        let zoom = Homography.axes(
            scaleX: scale, shiftX: (1 - scale) * (2 * draw.center.x - 1), scaleY: scale,
            shiftY: (1 - scale) * (2 * draw.center.y - 1))
        let toPixels = Homography.axes(scaleX: half, shiftX: half, scaleY: half, shiftY: half)
        return [toPixels, warping(draw.warp), flip, rotation, zoom, toUnits].reduce(.identity, *)
    }

    /// Takes corners moved by (`x`, `y`) back to the square's.
    private static func warping(_ shift: (x: Double, y: Double)) -> Homography {
        let (x, y) = shift
        return Homography(
            from: [(-1 - y, -1 - x), (-1 + y, 1 + x), (1 + y, -1 + x), (1 - y, 1 - x)],
            to: [(-1, -1), (-1, 1), (1, -1), (1, 1)]) ?? .identity
    }
}
