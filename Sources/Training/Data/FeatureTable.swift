import Neural

/// What a body says of every image of a data set: one row of features an image.
struct FeatureTable {
    private let width: Int
    private let values: [Float]
    private let rows: [Int: Int]

    /// Runs the body over every image of both splits, prepared as they are judged; nil if the rows would take more than
    /// half of the memory that is free.
    /// - Parameter progress: called after each batch with how many images are done, and of how many.
    /// - Throws: whatever `progress` throws, and errors of unreadable images.
    init?(
        _ images: ImagePipeline, _ body: InferencePlan, batchSize: Int, progress: (Int, Int) throws -> Void
    ) throws {
        let items = images.data.split.training + images.data.split.validation
        width = body.outputChannels
        if let free = FreeMemory.bytes(), 4 * items.count * width > free / 2 { return nil }
        values = try body.run(images.plain(Loader.chunks(items, batchSize)), of: items.count) {
            try progress($0, items.count)
        }
        rows = Dictionary(uniqueKeysWithValues: items.enumerated().map { ($1, $0) })
    }

    /// The features of an image of the data set.
    subscript(item: Int) -> ArraySlice<Float> {
        guard let row = rows[item] else { return [] }
        return values[row * width..<(row + 1) * width]
    }
}
