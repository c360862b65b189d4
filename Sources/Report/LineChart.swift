import Foundation
import Raster

/// Lines over one axis, drawn at twice the size they are shown in.
struct LineChart {
    struct Line {
        var name: String
        var color: Color
        var points: [(x: Double, y: Double)]
        var isDashed = false
        /// Dots at the points.
        var hasDots = false
    }

    /// An interval as an upright bar, `shift` points beside its place.
    struct Bar {
        var x: Double
        var low: Double
        var high: Double
        var color: Color
        var shift = 0.0
    }

    var title: String
    var xTitle: String
    /// Whether the horizontal axis counts.
    var hasWholeTicks = false
    var lines: [Line]
    var yRange: ClosedRange<Double>?
    /// A vertical mark with its caption.
    var mark: (x: Double, name: String)?
    var bars: [Bar] = []

    /// `width` points wide; lettering has the same size at every width.
    func draw(width: Int = 720) throws -> Image {
        let height = 240 + min(width, 720) * 2 / 9
        let canvas = try Canvas(width: width * 2, height: height * 2)
        canvas.scale(2, 2)
        canvas.text(title, 16, 26, size: 15, color: Palette.ink, bold: true)
        let legend = drawLegend(canvas, width: Double(width))
        let (left, right, top, bottom) = (46.0, Double(width) - 16, legend + 16, Double(height) - 52)
        let all = lines.flatMap(\.points).filter { $0.x.isFinite && $0.y.isFinite }
        guard let first = all.first else {
            canvas.text(
                "no figures to draw", Double(width) / 2, Double(height) / 2, size: 14, color: Palette.soft,
                alignment: .center)
            return canvas.image()
        }
        func padded(_ low: Double, _ high: Double) -> ClosedRange<Double> {
            low < high ? low...high : (low - 0.5)...(high + 0.5)
        }
        let x = padded(all.reduce(first.x) { min($0, $1.x) }, all.reduce(first.x) { max($0, $1.x) })
        let values = Ticks.round(all.reduce(first.y) { min($0, $1.y) }, all.reduce(first.y) { max($0, $1.y) })
        let y = yRange ?? padded(values.first ?? 0, values.last ?? 1)
        func place(_ px: Double, _ py: Double) -> (Double, Double) {
            (
                left + (px - x.lowerBound) / (x.upperBound - x.lowerBound) * (right - left),
                bottom - (py - y.lowerBound) / (y.upperBound - y.lowerBound) * (bottom - top)
            )
        }
        for value in Ticks.round(y.lowerBound, y.upperBound) where y.contains(value) {
            let at = place(x.lowerBound, value).1
            canvas.move(left, at)
            canvas.line(right, at)
            canvas.stroke(Palette.grid)
            canvas.text(Ticks.label(value), left - 8, at + 4, size: 12, color: Palette.soft, alignment: .right)
        }
        for value in Ticks.round(x.lowerBound, x.upperBound)
        where x.contains(value) && (!hasWholeTicks || value == value.rounded()) {
            canvas.text(
                Ticks.label(value), place(value, y.lowerBound).0, bottom + 20, size: 12, color: Palette.soft,
                alignment: .center)
        }
        canvas.text(xTitle, (left + right) / 2, bottom + 42, size: 12, color: Palette.soft, alignment: .center)
        if let mark, x.contains(mark.x) {
            let at = place(mark.x, 0).0
            canvas.move(at, top)
            canvas.line(at, bottom)
            canvas.stroke(Palette.soft, width: 1, dash: [4, 4])
            canvas.text(mark.name, at + 5, bottom - 8, size: 12, color: Palette.soft)
        }
        for bar in bars where x.contains(bar.x) {
            let (at, low) = place(bar.x, bar.low)
            canvas.move(at + bar.shift, low)
            canvas.line(at + bar.shift, place(bar.x, bar.high).1)
            canvas.stroke(bar.color, width: 3)
        }
        for line in lines {
            canvas.saved {
                canvas.rectangle(left, top - 4, right - left, bottom - top + 8)
                canvas.clip()
                for (index, point) in line.points.enumerated() {
                    let (px, py) = place(point.x, point.y)
                    if index == 0 { canvas.move(px, py) } else { canvas.line(px, py) }
                }
                canvas.stroke(line.color, width: 2.2, dash: line.isDashed ? [7, 5] : [])
                for point in line.points where line.hasDots || line.points.count == 1 {
                    let (px, py) = place(point.x, point.y)
                    canvas.ellipse(px, py, line.hasDots ? 3.2 : 4, line.hasDots ? 3.2 : 4)
                    canvas.fill(line.color)
                }
            }
        }
        return canvas.image()
    }

    /// The lines' names below the title, in as many rows as they take; returns the last row's height on the canvas.
    private func drawLegend(_ canvas: Canvas, width: Double) -> Double {
        var (x, y) = (16.0, 46.0)
        for line in lines {
            let taken = 28 + canvas.textWidth(line.name, size: 12.5)
            if x > 16, x + taken > width - 8 { (x, y) = (16, y + 18) }
            canvas.move(x, y)
            canvas.line(x + 22, y)
            canvas.stroke(line.color, width: 2.5, dash: line.isDashed ? [7, 5] : [])
            canvas.text(line.name, x + 28, y + 4, size: 12.5, color: Palette.ink)
            x += taken + 20
        }
        return y
    }
}

/// Round numbers along an axis.
enum Ticks {
    /// About five multiples of 1, 2 or 5 times a power of ten that enclose `low`...`high`.
    static func round(_ low: Double, _ high: Double) -> [Double] {
        guard low < high else { return [low] }
        let raw = (high - low) / 5
        let power = pow(10, floor(log10(raw)))
        let step = [1.0, 2, 5, 10].map { $0 * power }.first { $0 >= raw * 0.999 } ?? power * 10
        let (first, last) = (Int((low / step + 1e-9).rounded(.down)), Int((high / step - 1e-9).rounded(.up)))
        return (first...max(first, last)).map { Double($0) * step }
    }

    static func label(_ value: Double) -> String {
        let text = String(format: "%.3f", value)
        guard text.contains(".") else { return text }
        let cut = String(text.reversed().drop { $0 == "0" }.reversed())
        return cut.hasSuffix(".") ? String(cut.dropLast()) : cut
    }
}
