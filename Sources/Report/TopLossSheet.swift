import Evaluation
import Raster

/// The worst mistakes as pictures, and the contact sheet of them.
enum TopLossSheet {
    static let thumbnailEdge = 240

    /// The picture no larger than a thumbnail, or a placeholder that says why there is none.
    static func thumbnail(_ name: String, folder: String) throws -> Image {
        do {
            let image = try Image.read(path: folder + "/" + name)
            let scale = min(1, Double(thumbnailEdge) / Double(max(image.width, image.height)))
            guard scale < 1 else { return image }
            return image.resized(
                width: max(1, Int(Double(image.width) * scale)), height: max(1, Int(Double(image.height) * scale)))
        } catch {
            let canvas = try Canvas(width: thumbnailEdge, height: 180, background: Palette.grid)
            canvas.text("cannot be shown", 120, 84, size: 16, color: Palette.soft, alignment: .center)
            canvas.text(
                canvas.fitted("\(error)", width: 220, size: 11), 120, 110, size: 11, color: Palette.soft,
                alignment: .center)
            return canvas.image()
        }
    }

    /// fastai's plot_top_losses: picture under target, prediction, loss, and the label that costs most.
    static func draw(_ record: EvaluationRecord, _ thumbnails: [Image]) throws -> Image {
        let columns = 5
        let (cell, picture) = ((width: 224.0, height: 282.0), 190.0)
        let rows = max(1, (thumbnails.count + columns - 1) / columns)
        let canvas = try Canvas(width: Int(cell.width) * columns, height: min(32000, Int(cell.height) * rows + 44))
        canvas.text(
            "target / predicted / loss / the label that costs most", 12, 26, size: 15, color: Palette.ink, bold: true)
        for (rank, image) in thumbnails.enumerated() {
            let outcome = record.images[record.topLosses[rank]]
            let (x, y) = (Double(rank % columns) * cell.width + 12, Double(rank / columns) * cell.height + 44)
            func line(_ text: String, _ row: Double, _ color: Color, bold: Bool = false) {
                canvas.text(
                    canvas.fitted(text, width: cell.width - 24, size: 13, bold: bold), x, y + row * 17, size: 13,
                    color: color, bold: bold)
            }
            func set(_ labels: [Int]) -> String { labels.isEmpty ? "(nothing)" : record.names(labels) }
            line(set(outcome.target ?? []), 0.8, Palette.green, bold: true)
            line(set(outcome.predicted), 1.8, Palette.orange, bold: true)
            let costliest = outcome.costliestLabel.map { ", \(record.labels[$0]) \(short(outcome.scores[$0]))" } ?? ""
            line("\(short(outcome.loss))\(costliest)", 2.8, Palette.ink)
            let scale = min((cell.width - 24) / Double(image.width), picture / Double(image.height))
            canvas.draw(
                image, x, y + 60, width: Double(image.width) * scale, height: Double(image.height) * scale)
        }
        return canvas.image()
    }

    private static func short(_ value: Double?) -> String {
        value.map { String(Double(Int($0 * 1000 + 0.5)) / 1000) } ?? "–"
    }
}
