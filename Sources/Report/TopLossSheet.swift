import Evaluation
import Raster

/// The worst mistakes as pictures, and the contact sheet of them.
enum TopLossSheet {
    static let thumbnailEdge = 240

    /// Pictures of one sheet, which keeps it within Cairo's largest surface.
    static let largest = 100

    /// The picture no larger than a thumbnail.
    static func thumbnail(_ name: String, folder: String) throws -> Image {
        let image = try Image.read(path: folder + "/" + name)
        let scale = min(1, Double(thumbnailEdge) / Double(max(image.width, image.height)))
        guard scale < 1 else { return image }
        return image.resized(
            width: max(1, Int(Double(image.width) * scale)), height: max(1, Int(Double(image.height) * scale)))
    }

    /// fastai's plot_top_losses: picture under target, prediction, loss, and the label that costs most. A picture that
    /// is missing leaves its place empty.
    static func draw(_ record: EvaluationRecord, _ outcomes: [ImageOutcome], _ thumbnails: [Image?]) throws -> Image {
        let columns = 5
        let (cell, picture) = ((width: 224.0, height: 282.0), 190.0)
        let rows = max(1, (outcomes.count + columns - 1) / columns)
        let canvas = try Canvas(width: Int(cell.width) * columns, height: Int(cell.height) * rows + 44)
        canvas.text(
            "target / predicted / loss / the label that costs most", 12, 26, size: 15, color: Palette.ink, bold: true)
        for (rank, (outcome, image)) in zip(outcomes, thumbnails).enumerated() {
            let (x, y) = (Double(rank % columns) * cell.width + 12, Double(rank / columns) * cell.height + 44)
            func line(_ text: String, _ row: Double, _ color: Color, bold: Bool = false) {
                canvas.text(
                    canvas.fitted(text, width: cell.width - 24, size: 13, bold: bold), x, y + row * 17, size: 13,
                    color: color, bold: bold)
            }
            func set(_ labels: [Int]) -> String {
                labels.isEmpty ? "– \(record.confusion.nothing) –" : record.names(labels)
            }
            line(set(outcome.target ?? []), 0.8, Palette.green, bold: true)
            line(set(outcome.predicted), 1.8, Palette.orange, bold: true)
            let costliest = outcome.costliestLabel.map { ", \(record.labels[$0]) \(short(outcome.scores[$0]))" } ?? ""
            line("\(short(outcome.loss))\(costliest)", 2.8, Palette.ink)
            guard let image else { continue }
            let scale = min((cell.width - 24) / Double(image.width), picture / Double(image.height))
            canvas.draw(
                image, x, y + 60, width: Double(image.width) * scale, height: Double(image.height) * scale)
        }
        return canvas.image()
    }

    private static func short(_ value: Double?) -> String {
        value.map { FigureText.decimals($0) } ?? "–"
    }
}
