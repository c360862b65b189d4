import Foundation

/// What fastai draws and does; see Fixtures/make_transforms.py.
struct TransformFixture: Decodable {
    struct Histogram: Decodable {
        var low, high: Double
        var shares: [Double]

        /// The largest difference between these shares and those of other values.
        func distance(_ values: [Double]) -> Double {
            var counts = [Double](repeating: 0, count: shares.count)
            for value in values where value >= low && value <= high {
                counts[min(shares.count - 1, Int((value - low) / (high - low) * Double(shares.count)))] += 1
            }
            return zip(counts, shares).map { abs($0 / Double(values.count) - $1) }.max() ?? 1
        }
    }
    struct View: Decodable {
        var flips: Bool
        var degrees, zoom, across, down, x, y: Double
        var seen: [Float]
    }
    struct Light: Decodable {
        var level, contrast, saturation, hue: Double
        var colours: [Float]
    }
    var histograms: [String: Histogram]
    var pixels: [UInt8]
    var views: [View]
    var colours: [Float]
    var lighting: [Light]

    static func read() throws -> TransformFixture {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "Fixtures/transforms.json")
        return try JSONDecoder().decode(TransformFixture.self, from: Data(contentsOf: file))
    }
}
