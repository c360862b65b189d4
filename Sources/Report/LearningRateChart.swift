import Foundation
import Raster

/// The loss over a growing learning rate, with the rates that it suggests.
public enum LearningRateChart {
    /// A PNG.
    /// - Parameters: rates, growing and above 0, and the smoothed loss at each. The last 5, where it explodes, are left out,
    ///   as fastai does.
    public static func png(
        _ rates: [Double], _ losses: [Double], _ suggestions: [(name: String, rate: Double)]
    ) throws -> [UInt8] {
        let count = max(min(2, losses.count), losses.count - 5)
        let points = zip(rates, losses).prefix(count).map { (x: log10($0), y: $1) }
        let heights = points.map(\.y).filter(\.isFinite)
        let (low, high) = (heights.min() ?? 0, heights.max() ?? 1)
        let colors = [Palette.orange, Palette.green, Palette.ink, Palette.soft]
        let marks = suggestions.enumerated().map { index, suggestion in
            LineChart.Line(
                name: "\(suggestion.name) \(String(format: "%.1e", suggestion.rate))",
                color: colors[index % colors.count],
                points: [(log10(suggestion.rate), low), (log10(suggestion.rate), high)], isDashed: true)
        }
        let chart = LineChart(
            title: "Learning rate", xTitle: "log10 of the learning rate", hasWholeTicks: true,
            lines: [LineChart.Line(name: "smoothed loss", color: Palette.blue, points: points)] + marks)
        return try chart.draw().pngBytes()
    }
}
