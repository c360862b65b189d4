import Raster

/// Lines over one axis, drawn at twice the size they are shown in.
package struct LineChart {
    package struct Line {
        var name: String
        var color: Color
        var points: [(x: Double, y: Double)]
        var isDashed = false
        /// Dots at the points.
        var hasDots = false

        package init(
            name: String, color: Color, points: [(x: Double, y: Double)], isDashed: Bool = false, hasDots: Bool = false
        ) {
            (self.name, self.color, self.points) = (name, color, points)
            (self.isDashed, self.hasDots) = (isDashed, hasDots)
        }
    }

    /// An interval as an upright bar, `shift` points beside its place.
    package struct Bar {
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

    package init(
        title: String, xTitle: String, hasWholeTicks: Bool = false, lines: [Line], yRange: ClosedRange<Double>? = nil,
        mark: (x: Double, name: String)? = nil
    ) {
        (self.title, self.xTitle, self.hasWholeTicks) = (title, xTitle, hasWholeTicks)
        (self.lines, self.yRange, self.mark) = (lines, yRange, mark)
    }

    /// `width` points wide; lettering has the same size at every width.
    package func draw(width: Int = 720) throws -> Image {
        let height = 240 + min(width, 720) * 2 / 9
        let canvas = try Canvas(width: width * 2, height: height * 2)
        canvas.scale(2, 2)
        canvas.text(title, 16, 26, size: 15, color: Palette.ink, bold: true)
        let legend = drawLegend(canvas, width: Double(width))
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
        let values = Ticks(all.reduce(first.y) { min($0, $1.y) }, all.reduce(first.y) { max($0, $1.y) }).values
        let y = yRange ?? padded(values.first ?? 0, values.last ?? 1)
        let levels = Ticks(y.lowerBound, y.upperBound)
        let widest = levels.labels.reduce(0) { max($0, canvas.textWidth($1, size: 12)) }
        let (left, right) = (max(46, widest + 12), Double(width) - 16)
        let (top, bottom) = (legend + 16, Double(height) - 52)
        func place(_ px: Double, _ py: Double) -> (Double, Double) {
            (
                left + (px - x.lowerBound) / (x.upperBound - x.lowerBound) * (right - left),
                bottom - (py - y.lowerBound) / (y.upperBound - y.lowerBound) * (bottom - top)
            )
        }
        for (value, label) in zip(levels.values, levels.labels) where y.contains(value) {
            let at = place(x.lowerBound, value).1
            canvas.move(left, at)
            canvas.line(right, at)
            canvas.stroke(Palette.grid)
            canvas.text(label, left - 8, at + 4, size: 12, color: Palette.soft, alignment: .right)
        }
        let steps = Ticks(x.lowerBound, x.upperBound)
        for (value, label) in zip(steps.values, steps.labels)
        where x.contains(value) && (!hasWholeTicks || value == value.rounded()) {
            canvas.text(
                label, place(value, y.lowerBound).0, bottom + 20, size: 12, color: Palette.soft,
                alignment: .center)
        }
        canvas.text(xTitle, (left + right) / 2, bottom + 42, size: 12, color: Palette.soft, alignment: .center)
        if let mark, x.contains(mark.x) {
            let at = place(mark.x, 0).0
            canvas.move(at, top)
            canvas.line(at, bottom)
            canvas.stroke(Palette.soft, width: 1, dash: [4, 4])
            let isRoom = at + 5 + canvas.textWidth(mark.name, size: 12) <= Double(width)
            canvas.text(
                mark.name, isRoom ? at + 5 : at - 5, bottom - 8, size: 12, color: Palette.soft,
                alignment: isRoom ? .left : .right)
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
