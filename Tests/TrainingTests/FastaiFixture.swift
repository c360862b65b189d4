import Foundation

/// What fastai itself did; see Fixtures/make_fastai.py.
struct FastaiFixture: Decodable {
    struct Schedule: Decodable {
        var name: String
        /// Of an epoch.
        var batches: Int
        /// Of each step, by group.
        var rates: [[Double]]
        var momenta: [Double]
    }
    struct Finder: Decodable {
        var losses: [Double]
        var minimum, steep, valley, slide: Double
    }
    struct Training: Decodable {
        var losses: [Double]
        var validation: [Double]
        /// How far fastai in float32 is from fastai in float64.
        var noise: Double
    }
    struct Finding: Decodable {
        /// Smoothed, of each step.
        var losses: [Double]
        var noise: Double
    }
    var schedules: [Schedule]
    var finders: [Finder]
    var training: Training
    var finding: Finding

    static func read() throws -> FastaiFixture {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "Fixtures/fastai.json")
        return try JSONDecoder().decode(FastaiFixture.self, from: Data(contentsOf: file))
    }
}
