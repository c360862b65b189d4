import Evaluation
import Raster

/// fastai's show_batch: augmented training images as the network will see them, with their labels.
public struct TrainingSheet {
    /// Most images of a sheet, which keeps it within Cairo's largest surface.
    public static let largest = 400

    private let pictures: [(image: Image, name: String, labels: String)]

    /// - Parameter count: images, from the start of the first epoch's order; fewer if there are not so many.
    /// - Throws: errors of unreadable images.
    public init(_ config: RunConfig, _ data: Dataset, count: Int, threads: Int) throws {
        let order = Loader.trainingBatches(
            data.split.training, batchSize: data.split.training.count, seed: config.seed, epoch: 0)
        let items = Array(order.joined().prefix(count))
        let images = ImagePipeline(data: data, config: config, store: ImageStore(), threads: threads)
        let loader = images.training(epoch: 0, batches: Loader.chunks(items, 8))
        let preprocessing = config.preprocessing
        let edge = preprocessing.size
        var pictures: [(image: Image, name: String, labels: String)] = []
        while let batch = try loader.next() {
            for (row, item) in batch.items.enumerated() {
                let values = batch.inputs[row * edge * edge * 3..<(row + 1) * edge * edge * 3]
                let pixels = values.enumerated().map { at, value in
                    UInt8(
                        max(
                            0,
                            min(255, (255 * (value * preprocessing.std[at % 3] + preprocessing.mean[at % 3])).rounded())
                        ))
                }
                let labels = data.targets[item].map { data.vocab[$0] }.joined(separator: ";")
                pictures.append((Image(width: edge, height: edge, pixels: pixels), data.names[item], labels))
            }
        }
        self.pictures = pictures
    }

    /// The sheet, five or fewer pictures a row, each under its labels and above its name.
    public func image() throws -> Image {
        let columns = max(1, min(5, pictures.count))
        let (picture, margin, text) = (200.0, 12.0, 22.0)
        let cell = (width: picture + margin, height: picture + 2 * text + margin)
        let rows = max(1, (pictures.count + columns - 1) / columns)
        let canvas = try Canvas(
            width: Int(cell.width) * columns + Int(margin), height: Int(cell.height) * rows + Int(margin))
        for (index, entry) in pictures.enumerated() {
            let x = margin + Double(index % columns) * cell.width
            let y = margin + Double(index / columns) * cell.height
            let labels = entry.labels.isEmpty ? "(no label)" : entry.labels
            canvas.text(canvas.fitted(labels, width: picture, size: 14, bold: true), x, y + 15, size: 14, bold: true)
            canvas.draw(entry.image, x, y + text, width: picture, height: picture)
            canvas.text(
                canvas.fitted(entry.name, width: picture, size: 11), x, y + text + picture + 14, size: 11,
                color: Color(0.4, 0.4, 0.4))
        }
        return canvas.image()
    }
}
