import Evaluation
import Foundation
import Raster

extension ImageFingerprint {
    static let hashEdge = 32
    static let thumbnailEdge = 16

    /// Of a decoded picture: its pixels' digest, a DCT hash of its 32 x 32 grey picture, and a 16 x 16 thumbnail.
    public init(name: String, image: Image) {
        let small = image.resized(width: Self.hashEdge, height: Self.hashEdge)
        // ITU-R BT.601 luma.
        let weights = [0.299, 0.587, 0.114]
        let grey = (0..<Self.hashEdge * Self.hashEdge).map { (pixel: Int) -> Double in
            (0..<3).reduce(0.0) { $0 + weights[$1] * Double(small.pixels[pixel * 3 + $1]) }
        }
        let thumbnail = image.resized(width: Self.thumbnailEdge, height: Self.thumbnailEdge)
        self.init(
            name: name, digest: Digest.pixels(image), hash: Self.hash(grey), thumbnail: thumbnail.pixels.map(Float.init)
        )
    }

    /// The 8 x 8 lowest frequencies of the type-II cosine transform without the mean: a bit for each above their median.
    static func hash(_ grey: [Double]) -> UInt64 {
        let (edge, kept) = (hashEdge, 8)
        let waves = (0..<kept).map { (u: Int) -> [Double] in
            (0..<edge).map { (x: Int) -> Double in cos(Double.pi * Double((2 * x + 1) * u) / Double(2 * edge)) }
        }
        var along = [Double](repeating: 0, count: edge * kept)
        for y in 0..<edge {
            for u in 0..<kept {
                for x in 0..<edge { along[y * kept + u] += grey[y * edge + x] * waves[u][x] }
            }
        }
        var frequencies: [Double] = []
        for v in 0..<kept {
            for u in 0..<kept where u + v > 0 {
                var sum = 0.0
                for y in 0..<edge { sum += along[y * kept + u] * waves[v][y] }
                // Waves of equal energy: the constant one is twice as strong.
                if u == 0 || v == 0 { sum /= 2.0.squareRoot() }
                frequencies.append(sum)
            }
        }
        let median = frequencies.sorted()[frequencies.count / 2]
        return frequencies.reduce(UInt64(0)) { bits, value in bits << 1 | (value > median ? 1 : 0) }
    }

    /// Fingerprints of files, on `threads` threads, in their order.
    /// - Throws: `UnreadableImages`.
    public static func all(paths: [String], names: [String], threads: Int) throws -> [ImageFingerprint] {
        let found = Parallel.map(paths.count, threads: threads) { index in
            Result { ImageFingerprint(name: names[index], image: try Image.read(path: paths[index])) }
        }
        let errors = found.compactMap { result -> (any Error)? in
            if case .failure(let error) = result { error } else { nil }
        }
        guard errors.isEmpty else { throw UnreadableImages(errors: errors, count: paths.count) }
        return try found.map { try $0.get() }
    }
}

/// Every picture of a data set that cannot be read, in its order.
public struct UnreadableImages: Error {
    public let errors: [any Error]
    /// Of all pictures.
    public let count: Int
}
