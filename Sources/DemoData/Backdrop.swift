import Evaluation
import Raster

/// What lies behind people, and what stands for itself when there are none ("intended noise").
enum Backdrop {
    /// A soft, out-of-focus place, `width` x `height` pixels.
    static func draw(on canvas: Canvas, _ random: inout SeededGenerator) {
        let (width, height) = (Double(canvas.width), Double(canvas.height))
        let base = Color.random(&random)
        canvas.rectangle(0, 0, width, height)
        canvas.fill(
            from: (random.uniform(0, width), 0), to: (random.uniform(0, width), height),
            stops: [(0, base.shaded(random.uniform(0.8, 1.5))), (1, base.shaded(random.uniform(0.35, 0.8)))])
        switch random.integer(below: 4) {
        case 0: blobs(canvas, &random, color: Color(0.2, 0.42, 0.15), count: 40)  // foliage
        case 1:
            for _ in 0..<random.integer(below: 4) + 2 {  // a wall's shelves, windows, frames
                let (w, h) = (random.uniform(0.1, 0.4) * width, random.uniform(0.1, 0.5) * height)
                canvas.rectangle(random.uniform(-0.1, 0.9) * width, random.uniform(-0.1, 0.8) * height, w, h)
                let color = Color.random(&random)
                canvas.fill(color.with(alpha: 0.8), keepingPath: true)
                canvas.stroke(color.shaded(0.6), width: 3)
            }
        case 2: blobs(canvas, &random, color: Color(1, 0.9, 0.6), count: 12)  // lights
        default: break
        }
    }

    private static func blobs(_ canvas: Canvas, _ random: inout SeededGenerator, color: Color, count: Int) {
        for _ in 0..<count {
            let radius = random.uniform(0.03, 0.14) * Double(canvas.width)
            let (x, y) = (random.uniform(0, 1) * Double(canvas.width), random.uniform(0, 1) * Double(canvas.height))
            let tone = color.varied(0.1, &random).shaded(random.uniform(0.5, 1.5))
            canvas.ellipse(x, y, radius, radius)
            canvas.fill(
                radialAt: (x, y), radius: radius, stops: [(0, tone.with(alpha: 0.8)), (1, tone.with(alpha: 0))])
        }
    }

    /// A picture of no face: a landscape, things on a table, a page, a street.
    static func stillLife(on canvas: Canvas, _ random: inout SeededGenerator) {
        switch random.integer(below: 4) {
        case 0: landscape(canvas, &random)
        case 1: things(canvas, &random)
        case 2: page(canvas, &random)
        default: street(canvas, &random)
        }
    }

    private static func landscape(_ canvas: Canvas, _ random: inout SeededGenerator) {
        let (width, height) = (Double(canvas.width), Double(canvas.height))
        canvas.rectangle(0, 0, width, height)
        canvas.fill(
            from: (0, 0), to: (0, height * 0.7),
            stops: [
                (0, Color(0.35, 0.6, 0.9).varied(0.1, &random)), (1, Color(0.95, 0.85, 0.75).varied(0.08, &random)),
            ])
        for layer in 1...3 {
            let top = height * (0.35 + 0.15 * Double(layer))
            let green = Color(0.25, 0.45, 0.25).varied(0.1, &random).shaded(1.4 - 0.3 * Double(layer))
            canvas.move(0, height)
            canvas.line(0, top + random.normal() * 12)
            for step in 1...4 {
                let x = width * Double(step) / 4
                canvas.curve(
                    x - width / 6, top + random.normal() * 30, x - width / 12, top + random.normal() * 30, x,
                    top + random.normal() * 14)
            }
            canvas.line(width, height)
            canvas.fill(from: (0, top - 30), to: (0, height), stops: [(0, green), (1, green.shaded(0.5))])
        }
    }

    private static func things(_ canvas: Canvas, _ random: inout SeededGenerator) {
        draw(on: canvas, &random)
        let (width, height) = (Double(canvas.width), Double(canvas.height))
        let wood = Color(0.5, 0.34, 0.2).varied(0.06, &random)
        canvas.rectangle(0, height * 0.6, width, height)
        canvas.fill(from: (0, height * 0.6), to: (0, height), stops: [(0, wood), (1, wood.shaded(0.6))])
        for _ in 0..<random.integer(below: 4) + 2 {
            let (x, y) = (random.uniform(0.1, 0.9) * width, random.uniform(0.5, 0.85) * height)
            let (rx, ry) = (random.uniform(0.06, 0.18) * width, random.uniform(0.06, 0.22) * height)
            let color = Color.random(&random)
            if random.uniform() < 0.5 {
                canvas.ellipse(x, y, rx, ry)
            } else {
                canvas.rectangle(x - rx, y - ry, 2 * rx, 2 * ry)
            }
            canvas.fill(
                radialAt: (x - rx / 3, y - ry / 3), radius: max(rx, ry) * 1.5,
                stops: [(0, color.shaded(1.5)), (1, color.shaded(0.4))])
        }
    }

    private static func page(_ canvas: Canvas, _ random: inout SeededGenerator) {
        let (width, height) = (Double(canvas.width), Double(canvas.height))
        draw(on: canvas, &random)
        canvas.saved {
            canvas.translate(width / 2, height / 2)
            canvas.rotate(random.normal() * 0.15)
            canvas.rectangle(-width * 0.38, -height * 0.42, width * 0.76, height * 0.84)
            canvas.fill(Color(0.95, 0.94, 0.9).varied(0.02, &random))
            for line in 0..<12 {
                let y = -height * 0.34 + Double(line) * height * 0.06
                canvas.rectangle(-width * 0.32, y, width * random.uniform(0.3, 0.62), height * 0.018)
                canvas.fill(Color(0.2, 0.2, 0.22, alpha: 0.85))
            }
        }
    }

    private static func street(_ canvas: Canvas, _ random: inout SeededGenerator) {
        let (width, height) = (Double(canvas.width), Double(canvas.height))
        let sky = Color(0.7, 0.8, 0.9).varied(0.1, &random)
        canvas.rectangle(0, 0, width, height)
        canvas.fill(from: (0, 0), to: (0, height), stops: [(0, sky), (1, Color(0.35, 0.35, 0.37))])
        var x = -10.0
        while x < width {
            let w = random.uniform(0.12, 0.3) * width
            let top = random.uniform(0.1, 0.5) * height
            let wall = Color.random(&random).shaded(0.8)
            canvas.rectangle(x, top, w, height * 0.8 - top)
            canvas.fill(from: (x, 0), to: (x + w, 0), stops: [(0, wall), (1, wall.shaded(0.7))])
            for row in 0..<6 {
                for column in 0..<3 {
                    let y = top + 8 + Double(row) * height * 0.09
                    guard y < height * 0.72 else { continue }
                    canvas.rectangle(x + w * (0.12 + 0.3 * Double(column)), y, w * 0.16, height * 0.05)
                    canvas.fill(Color(0.9, 0.88, 0.6).shaded(random.uniform(0.3, 1.1)))
                }
            }
            x += w + 4
        }
    }
}
