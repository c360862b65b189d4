import Evaluation
import Raster

/// Labels by labels: images that carry both, true ones below the diagonal and predicted ones above.
enum CooccurrenceChart {
    static let limit = 60

    /// - Parameter width: the room there is; nil for a desk's.
    /// - Returns: nil where the labels are too many, or the cells would be too small to hold a number.
    static func draw(_ found: LabelCooccurrence, within width: Double? = nil) throws -> Image? {
        let count = found.labels.count
        guard count <= limit else { return nil }
        let (left, top) = width == nil ? (132.0, 110.0) : (88.0, 88.0)
        let side =
            width.map { min(48, (($0 - left) / Double(count)).rounded(.down)) }
            ?? (count <= 14 ? 48 : count <= 30 ? 34 : 18)
        guard width == nil || side >= 22 else { return nil }
        let canvas = try Canvas(
            width: Int((left + side * Double(count)) * 2), height: Int((top + side * Double(count)) * 2))
        canvas.scale(2, 2)
        canvas.text("predicted", left, 14, size: 12, color: Palette.soft)
        canvas.text("true", left - 8, top - 8, size: 12, color: Palette.soft, alignment: .right)
        for (index, label) in found.labels.enumerated() {
            let at = (Double(index) + 0.5) * side
            canvas.text(
                canvas.fitted(label, width: left - 12, size: 12), left - 8, top + at + 4, size: 12, color: Palette.ink,
                alignment: .right)
            canvas.saved {
                canvas.translate(left + at + 4, top - 8)
                canvas.rotate(-.pi / 2)
                canvas.text(canvas.fitted(label, width: top - 28, size: 12), 0, 0, size: 12, color: Palette.ink)
            }
        }
        for row in 0..<count {
            for column in 0..<count where row != column {
                let counts = row > column ? found.truth : found.predicted
                let value = counts[row][column]
                let share = Double(value) / Double(max(1, min(counts[row][row], counts[column][column])))
                let (x, y) = (left + Double(column) * side, top + Double(row) * side)
                canvas.rectangle(x, y, side - 2, side - 2)
                canvas.fill(value == 0 ? Color(hex: 0xF5F7F9) : Palette.heat(share))
                let text = "\(value)"
                guard value > 0, canvas.textWidth(text, size: 12) <= side - 3 else { continue }
                canvas.text(
                    text, x + side / 2 - 1, y + side / 2 + 4, size: 12, color: Palette.text(on: share),
                    alignment: .center)
            }
        }
        return canvas.image()
    }
}
