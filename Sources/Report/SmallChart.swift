import Evaluation
import Raster

/// Lines over the unit square, small enough that two stand side by side on a phone.
struct SmallChart {
    static let width = 156
    static let height = 152

    struct Line {
        var color: Color
        var points: [(x: Double, y: Double)]
        var isDashed = false
        /// Dots at the points.
        var hasDots = false
    }

    var xTitle: String
    var yTitle: String
    var lines: [Line]
    /// A vertical mark.
    var mark: Double?
    /// Intervals as upright bars: where, from, to.
    var bars: [(x: Double, low: Double, high: Double)] = []

    func draw() throws -> Image {
        let canvas = try Canvas(width: Self.width * 2, height: Self.height * 2)
        canvas.scale(2, 2)
        // What the upright axis is stands above it, where no line runs.
        let (left, right, top) = (26.0, Double(Self.width) - 6, yTitle.isEmpty ? 8.0 : 22)
        let bottom = Double(Self.height) - 30
        func place(_ x: Double, _ y: Double) -> (Double, Double) {
            (left + x * (right - left), bottom - y * (bottom - top))
        }
        for value in [0, 0.5, 1] {
            canvas.move(left, place(0, value).1)
            canvas.line(right, place(0, value).1)
            canvas.stroke(Palette.grid)
            canvas.text(
                FigureText.decimals(value), left - 4, place(0, value).1 + 4, size: 11, color: Palette.soft,
                alignment: .right)
            canvas.text(
                FigureText.decimals(value), place(value, 0).0, bottom + 13, size: 11, color: Palette.soft,
                alignment: value == 1 ? .right : .center)
        }
        canvas.text(xTitle, (left + right) / 2, bottom + 26, size: 11, color: Palette.soft, alignment: .center)
        canvas.text(yTitle, 3, 11, size: 11, color: Palette.soft)
        if let mark {
            canvas.move(place(mark, 0).0, top)
            canvas.line(place(mark, 0).0, bottom)
            canvas.stroke(Palette.ink, width: 1, dash: [3, 3])
        }
        for bar in bars {
            canvas.move(place(bar.x, 0).0, place(0, bar.low).1)
            canvas.line(place(bar.x, 0).0, place(0, bar.high).1)
            canvas.stroke(Palette.faint, width: 2)
        }
        for line in lines {
            for (index, point) in line.points.enumerated() {
                let (x, y) = place(point.x, point.y)
                if index == 0 { canvas.move(x, y) } else { canvas.line(x, y) }
            }
            canvas.stroke(line.color, width: 1.8, dash: line.isDashed ? [4, 3] : [])
            for point in line.points where line.hasDots || line.points.count == 1 {
                let (x, y) = place(point.x, point.y)
                canvas.ellipse(x, y, 2.4, 2.4)
                canvas.fill(line.color)
            }
        }
        return canvas.image()
    }
}
