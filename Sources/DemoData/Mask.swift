import Evaluation
import Raster

/// What a drawn person wears. Coordinates as `Person`: the head's centre is the origin, its half height 1.
package enum Mask: String, CaseIterable {
    case cloth = "Cloth"
    case gas = "Gas"
    case kn95 = "KN95"
    case medical = "Medical"
    case surgical = "Surgical"
    case shield = "Shield"

    package func draw(on canvas: Canvas, yaw: Double, _ random: inout SeededGenerator) {
        switch self {
        case .cloth: Self.cloth(canvas, yaw, &random)
        case .gas: Self.gas(canvas, yaw, &random)
        case .kn95: Self.kn95(canvas, yaw, &random)
        // Two labels for one mask, drawn alike: the blunder the report has to find.
        case .medical, .surgical: Self.pleated(canvas, yaw, &random)
        case .shield: Self.shield(canvas, yaw, &random)
        }
    }

    private static func earLoops(_ canvas: Canvas, top: Double, bottom: Double, _ color: Color) {
        for side in [-1.0, 1.0] {
            canvas.move(side * 0.6, top)
            canvas.line(side * 0.78, top - 0.12)
            canvas.curve(side * 0.84, 0.1, side * 0.8, 0.3, side * 0.58, bottom)
            canvas.stroke(color, width: 0.035)
        }
    }

    private static func cloth(_ canvas: Canvas, _ yaw: Double, _ random: inout SeededGenerator) {
        var color = Color.random(&random)
        // Saturated or dark, as home-made masks are; a pale one would be a medical mask's twin.
        let channel = random.integer(below: 3)
        if channel == 0 { color.red *= 0.3 } else if channel == 1 { color.green *= 0.3 } else { color.blue *= 0.25 }
        earLoops(canvas, top: 0.16, bottom: 0.62, color.shaded(0.7))
        let x = yaw * 0.15
        canvas.saved {
            canvas.move(-0.68, 0.14)
            canvas.curve(-0.35, 0.12, x - 0.15, -0.02, x, 0)
            canvas.curve(x + 0.15, -0.02, 0.35, 0.12, 0.68, 0.14)
            canvas.curve(0.7, 0.6, 0.42, 1.02, x, 1.06)
            canvas.curve(-0.42, 1.02, -0.7, 0.6, -0.68, 0.14)
            canvas.close()
            canvas.fill(
                radialAt: (x - 0.1, 0.4), radius: 0.9, stops: [(0, color.shaded(1.25)), (1, color.shaded(0.55))],
                keepingPath: true)
            canvas.clip()
            let other = Color.random(&random)
            switch random.integer(below: 4) {
            case 0:
                for i in -6...6 {
                    canvas.move(Double(i) * 0.17, -0.2)
                    canvas.line(Double(i) * 0.17 + 0.2, 1.2)
                    canvas.stroke(other.with(alpha: 0.7), width: 0.06)
                }
            case 1:
                for i in -4...4 {
                    for j in 0...6 {
                        canvas.ellipse(Double(i) * 0.18 + Double(j % 2) * 0.09, Double(j) * 0.17, 0.045, 0.045)
                        canvas.fill(other.with(alpha: 0.85))
                    }
                }
            case 2:
                for i in 0...5 {
                    canvas.rectangle(-0.9, Double(i) * 0.22, 1.8, 0.1)
                    canvas.fill(other.with(alpha: 0.6))
                }
            default: break
            }
            canvas.move(x, 0)
            canvas.curve(x + 0.08, 0.4, x + 0.06, 0.8, x, 1.05)
            canvas.stroke(color.shaded(0.45).with(alpha: 0.7), width: 0.03)
        }
    }

    private static func gas(_ canvas: Canvas, _ yaw: Double, _ random: inout SeededGenerator) {
        let rubber = Color(0.12, 0.13, 0.12).varied(0.04, &random)
        canvas.ellipse(0, 0.02, 0.86, 1.02)
        canvas.fill(
            radialAt: (-0.3, -0.4), radius: 1.6, stops: [(0, rubber.shaded(3)), (0.4, rubber), (1, rubber.shaded(0.4))])
        for side in [-1.0, 1.0] {
            let x = side * 0.36 + yaw * 0.12
            canvas.ellipse(x, -0.2, 0.29, 0.29)
            canvas.fill(Color(0.42, 0.42, 0.4))
            canvas.ellipse(x, -0.2, 0.23, 0.23)
            canvas.fill(
                from: (x - 0.2, -0.4), to: (x + 0.2, 0),
                stops: [(0, Color(0.75, 0.85, 0.85)), (1, Color(0.1, 0.14, 0.16))])
        }
        let canister = Color(hex: [0x3C4A3A, 0x55585A, 0x7A3B2B][random.integer(below: 3)])
        let double = random.uniform() < 0.5
        for side in double ? [-1.0, 1.0] : [0.0] {
            let (x, y) = (side * 0.46 + yaw * 0.1, double ? 0.6 : 0.68)
            canvas.ellipse(x, y, 0.3, 0.3)
            canvas.fill(
                radialAt: (x - 0.1, y - 0.1), radius: 0.45,
                stops: [(0, canister.shaded(1.7)), (1, canister.shaded(0.5))])
            for ring in [0.22, 0.13] {
                canvas.ellipse(x, y, ring, ring)
                canvas.stroke(canister.shaded(0.4), width: 0.035)
            }
        }
    }

    private static func kn95(_ canvas: Canvas, _ yaw: Double, _ random: inout SeededGenerator) {
        let white = Color(0.95, 0.95, 0.93).varied(0.015, &random)
        earLoops(canvas, top: 0.08, bottom: 0.6, Color(0.92, 0.92, 0.9))
        let x = yaw * 0.2
        // A beak: two stiff halves that meet in a seam, the left lit and the right in shade.
        for (side, light) in [(-1.0, 1.0), (1.0, 0.78)] {
            canvas.move(x, -0.14)
            canvas.curve(x + side * 0.25, 0.0, side * 0.5, 0.0, side * 0.66, 0.16)
            canvas.line(side * 0.6, 0.66)
            canvas.curve(side * 0.4, 0.98, side * 0.2, 1.04, x, 1.02)
            canvas.curve(x + 0.06, 0.7, x + 0.1, 0.3, x, -0.14)
            canvas.close()
            canvas.fill(
                from: (x, 0), to: (side * 0.7, 0.6),
                stops: [(0, white.shaded(light)), (1, white.shaded(light * 0.72))])
        }
        canvas.move(x, -0.14)
        canvas.curve(x + 0.1, 0.3, x + 0.06, 0.7, x, 1.02)
        canvas.stroke(Color(0.55, 0.55, 0.56), width: 0.045)
        for side in [-1.0, 1.0] {
            canvas.move(side * 0.58, 0.2)
            canvas.line(side * 0.54, 0.64)
            canvas.stroke(Color(0.7, 0.7, 0.7), width: 0.02)
        }
        canvas.move(x - 0.2, -0.02)
        canvas.line(x + 0.2, -0.02)
        canvas.stroke(Color(0.6, 0.62, 0.65), width: 0.05)
    }

    private static func pleated(_ canvas: Canvas, _ yaw: Double, _ random: inout SeededGenerator) {
        let blue = Color(0.56, 0.78, 0.88).varied(0.03, &random)
        earLoops(canvas, top: 0.14, bottom: 0.72, Color(0.95, 0.95, 0.95))
        let x = yaw * 0.12
        canvas.move(-0.62, 0.1)
        canvas.curve(-0.3, 0.02, x - 0.1, 0, x, -0.02)
        canvas.curve(x + 0.1, 0, 0.3, 0.02, 0.62, 0.1)
        canvas.line(0.6, 0.74)
        canvas.curve(0.35, 0.96, -0.35, 0.96, -0.6, 0.74)
        canvas.close()
        canvas.fill(
            from: (-0.6, 0.2), to: (0.6, 0.7),
            stops: [(0, blue.shaded(0.85)), (0.4, blue.shaded(1.1)), (1, blue.shaded(0.72))])
        for y in [0.24, 0.4, 0.56] {
            canvas.move(-0.6, y)
            canvas.curve(-0.2, y + 0.05, 0.2, y + 0.05, 0.6, y)
            canvas.stroke(blue.shaded(0.62), width: 0.028)
            canvas.move(-0.6, y + 0.03)
            canvas.curve(-0.2, y + 0.08, 0.2, y + 0.08, 0.6, y + 0.03)
            canvas.stroke(blue.shaded(1.2), width: 0.02)
        }
    }

    private static func shield(_ canvas: Canvas, _ yaw: Double, _ random: inout SeededGenerator) {
        canvas.move(-0.98, -0.78)
        canvas.curve(-0.5, -0.95, 0.5, -0.95, 0.98, -0.78)
        canvas.line(0.92, 1.15)
        canvas.curve(0.5, 1.42, -0.5, 1.42, -0.92, 1.15)
        canvas.close()
        canvas.fill(
            from: (-1, -0.6), to: (1, 1.2),
            stops: [
                (0, Color(0.9, 0.96, 1, alpha: 0.5)), (0.35, Color(0.8, 0.9, 1, alpha: 0.12)),
                (0.5, Color(1, 1, 1, alpha: 0.42)), (0.62, Color(0.8, 0.9, 1, alpha: 0.12)),
                (1, Color(0.75, 0.88, 1, alpha: 0.4)),
            ], keepingPath: true)
        canvas.stroke(Color(0.85, 0.92, 0.97, alpha: 0.9), width: 0.05)
        let band = Color(hex: [0x2A5CAA, 0x1E1E1E, 0xDDE3E8, 0x35A0C8][random.integer(below: 4)])
        canvas.move(-1.0, -0.72)
        canvas.curve(-0.5, -0.9, 0.5, -0.9, 1.0, -0.72)
        canvas.line(0.99, -0.5)
        canvas.curve(0.5, -0.68, -0.5, -0.68, -0.99, -0.5)
        canvas.close()
        canvas.fill(from: (0, -0.9), to: (0, -0.5), stops: [(0, band.shaded(1.3)), (1, band.shaded(0.7))])
        canvas.move(-0.7 + yaw * 0.1, -0.3)
        canvas.line(-0.6 + yaw * 0.1, 0.95)
        canvas.stroke(Color(1, 1, 1, alpha: 0.75), width: 0.07)
        canvas.move(0.55 + yaw * 0.1, -0.35)
        canvas.line(0.62 + yaw * 0.1, 0.3)
        canvas.stroke(Color(1, 1, 1, alpha: 0.5), width: 0.05)
    }
}
