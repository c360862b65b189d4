import Raster

/// A training's losses and accuracy over its epochs, as a picture of its own.
public enum LearningCurve {
    /// A PNG; without epochs, one that says so.
    public static func png(_ rows: [HistoryRow]) throws -> [UInt8] {
        try RecordCharts.history(rows).draw().pngBytes()
    }
}
