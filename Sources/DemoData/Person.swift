import Evaluation
import Raster

/// How one drawn person looks: chance decides once, so that mask and face agree.
struct Person {
    let skin: Color
    let hair: Color
    let cloth: Color
    let hairStyle: Int
    let tilt: Double
    let yaw: Double
    let smile: Double
    let hasGlasses: Bool
    let hasBeard: Bool

    init(_ random: inout SeededGenerator) {
        let skins = [0xF6D7C3, 0xEDC0A0, 0xDBA27B, 0xB97F55, 0x8D5A38, 0x5E3A24, 0xF2CFB4, 0xC98F65]
        let hairs = [0x1B1512, 0x3A2518, 0x6B4423, 0xA9783F, 0xD8B36A, 0x8C8C8C, 0x7A2E18, 0xE6E1DA]
        skin = Color(hex: skins[random.integer(below: skins.count)]).varied(0.04, &random)
        hair = Color(hex: hairs[random.integer(below: hairs.count)]).varied(0.05, &random)
        cloth = Color.random(&random)
        hairStyle = random.integer(below: 5)
        tilt = random.normal() * 0.1
        yaw = max(-1, min(1, random.normal() * 0.4))
        smile = random.uniform(-0.3, 1)
        hasGlasses = random.uniform() < 0.15
        hasBeard = random.uniform() < 0.15
    }

    /// Draws shoulders, neck, head and hair. Coordinates: the head's centre is the origin, its half height 1.
    func draw(on canvas: Canvas) {
        shoulders(canvas)
        if hairStyle >= 3 { longHair(canvas) }
        ears(canvas)
        head(canvas)
        features(canvas)
        if hairStyle > 0 { fringe(canvas) }
    }

    private func shoulders(_ canvas: Canvas) {
        canvas.rectangle(-0.32, 0.6, 0.64, 0.9)
        canvas.fill(from: (0, 0.6), to: (0, 1.4), stops: [(0, skin.shaded(0.6)), (1, skin.shaded(0.85))])
        canvas.move(-1.7, 3)
        canvas.curve(-1.6, 1.5, -1.0, 1.4, -0.4, 1.2)
        canvas.curve(-0.2, 1.5, 0.2, 1.5, 0.4, 1.2)
        canvas.curve(1.0, 1.4, 1.6, 1.5, 1.7, 3)
        canvas.close()
        canvas.fill(from: (-1.5, 1), to: (1.5, 2.5), stops: [(0, cloth.shaded(1.1)), (1, cloth.shaded(0.6))])
    }

    private func ears(_ canvas: Canvas) {
        for side in [-1.0, 1.0] {
            canvas.ellipse(side * 0.77 + yaw * 0.08, 0.02, 0.11, 0.2)
            canvas.fill(skin.shaded(0.85))
        }
    }

    private func head(_ canvas: Canvas) {
        canvas.move(-0.76, -0.3)
        canvas.curve(-0.78, -1.15, 0.78, -1.15, 0.76, -0.3)
        canvas.curve(0.78, 0.35, 0.5, 0.98, 0, 1)
        canvas.curve(-0.5, 0.98, -0.78, 0.35, -0.76, -0.3)
        canvas.close()
        canvas.fill(
            radialAt: (-0.25 + yaw * 0.3, -0.2), radius: 1.4,
            stops: [(0, skin.shaded(1.08)), (0.55, skin), (1, skin.shaded(0.55))])
        if hasBeard {
            canvas.move(-0.74, 0.1)
            canvas.curve(-0.7, 0.5, -0.45, 1.02, 0, 1.03)
            canvas.curve(0.45, 1.02, 0.7, 0.5, 0.74, 0.1)
            canvas.curve(0.5, 0.5, 0.4, 0.35, 0, 0.36)
            canvas.curve(-0.4, 0.35, -0.5, 0.5, -0.74, 0.1)
            canvas.fill(hair.with(alpha: 0.75))
        }
    }

    private func features(_ canvas: Canvas) {
        let shift = yaw * 0.18
        for side in [-1.0, 1.0] {
            let x = side * 0.32 + shift
            canvas.ellipse(x, -0.14, 0.15, 0.1)
            canvas.fill(skin.shaded(0.8))
            canvas.ellipse(x, -0.13, 0.13, 0.07)
            canvas.fill(Color(0.96, 0.95, 0.93))
            canvas.ellipse(x + yaw * 0.04, -0.13, 0.062, 0.066)
            canvas.fill(Color(0.22, 0.15, 0.1))
            canvas.ellipse(x + yaw * 0.04 - 0.02, -0.15, 0.018, 0.018)
            canvas.fill(.white)
            canvas.move(x - 0.17, -0.3)
            canvas.curve(x - 0.08, -0.38, x + 0.08, -0.38, x + 0.17, -0.3)
            canvas.stroke(hair.shaded(0.8), width: 0.06)
        }
        canvas.move(shift * 1.3, -0.12)
        canvas.curve(shift * 1.3 - 0.06, 0.1, shift * 1.5 - 0.16, 0.28, shift * 1.5 - 0.1, 0.3)
        canvas.curve(shift * 1.5, 0.36, shift * 1.5 + 0.06, 0.35, shift * 1.5 + 0.12, 0.3)
        canvas.stroke(skin.shaded(0.62), width: 0.035)
        canvas.move(shift - 0.25, 0.56)
        canvas.curve(shift - 0.1, 0.56 + 0.12 * smile, shift + 0.1, 0.56 + 0.12 * smile, shift + 0.25, 0.56)
        canvas.curve(shift + 0.1, 0.68 + 0.1 * smile, shift - 0.1, 0.68 + 0.1 * smile, shift - 0.25, 0.56)
        canvas.fill(Color(0.68, 0.3, 0.28).shaded(0.75 + skin.red * 0.35))
        if hasGlasses {
            for side in [-1.0, 1.0] {
                canvas.ellipse(side * 0.32 + shift, -0.13, 0.23, 0.18)
                canvas.stroke(Color(0.1, 0.1, 0.12), width: 0.035)
            }
        }
    }

    private func fringe(_ canvas: Canvas) {
        canvas.move(-0.82, -0.1)
        canvas.curve(-0.95, -1.35, 0.95, -1.35, 0.82, -0.1)
        canvas.curve(0.74, -0.5, 0.6, -0.65, 0.3, hairStyle == 2 ? -0.55 : -0.72)
        canvas.curve(0.0, -0.78, -0.4, hairStyle == 1 ? -0.5 : -0.75, -0.66, -0.55)
        canvas.curve(-0.74, -0.4, -0.78, -0.3, -0.82, -0.1)
        canvas.close()
        canvas.fill(from: (-0.6, -1.2), to: (0.6, -0.2), stops: [(0, hair.shaded(1.3)), (1, hair.shaded(0.8))])
    }

    private func longHair(_ canvas: Canvas) {
        canvas.move(-0.9, -0.2)
        canvas.curve(-1.1, -1.4, 1.1, -1.4, 0.9, -0.2)
        canvas.curve(1.05, 0.6, 1.0, 1.2, 0.8, 1.5)
        canvas.line(-0.8, 1.5)
        canvas.curve(-1.0, 1.2, -1.05, 0.6, -0.9, -0.2)
        canvas.fill(hair.shaded(0.7))
    }
}

extension Color {
    func shaded(_ factor: Double) -> Color {
        Color(min(1, red * factor), min(1, green * factor), min(1, blue * factor), alpha: alpha)
    }

    func with(alpha: Double) -> Color { Color(red, green, blue, alpha: alpha) }

    func varied(_ amount: Double, _ random: inout SeededGenerator) -> Color {
        func vary(_ value: Double) -> Double { max(0, min(1, value + random.normal() * amount)) }
        return Color(vary(red), vary(green), vary(blue))
    }

    static func random(_ random: inout SeededGenerator) -> Color {
        Color(random.uniform(0.08, 0.9), random.uniform(0.08, 0.9), random.uniform(0.08, 0.9))
    }
}
