/// A projective map of the plane, row-major 3 x 3: (x, y) goes to (u / w, v / w) with (u, v, w) = H (x, y, 1).
public struct Homography: Sendable, Equatable {
    public var values: [Double]

    public static let identity = Homography([1, 0, 0, 0, 1, 0, 0, 0, 1])

    /// - Parameter values: nine numbers, row by row.
    public init(_ values: [Double]) {
        precondition(values.count == 9, "expected 9 numbers, got \(values.count)")
        self.values = values
    }

    /// The map that first does `right`, then `left`.
    public static func * (left: Homography, right: Homography) -> Homography {
        var product = [Double](repeating: 0, count: 9)
        for row in 0..<3 {
            for column in 0..<3 {
                for k in 0..<3 { product[row * 3 + column] += left.values[row * 3 + k] * right.values[k * 3 + column] }
            }
        }
        return Homography(product)
    }

    /// Scales and shifts: x to `scaleX` x + `shiftX`, y alike.
    public static func axes(scaleX: Double, shiftX: Double, scaleY: Double, shiftY: Double) -> Homography {
        Homography([scaleX, 0, shiftX, 0, scaleY, shiftY, 0, 0, 1])
    }

    /// The map that takes four points, no three on a line, to four others; nil if there is none.
    public init?(from sources: [(x: Double, y: Double)], to targets: [(x: Double, y: Double)]) {
        guard sources.count == 4, targets.count == 4 else { return nil }
        var rows: [[Double]] = []
        for (s, t) in zip(sources, targets) {
            rows.append([s.x, s.y, 1, 0, 0, 0, -t.x * s.x, -t.x * s.y, t.x])
            rows.append([0, 0, 0, s.x, s.y, 1, -t.y * s.x, -t.y * s.y, t.y])
        }
        // Gauss and Jordan with the largest pivot.
        for column in 0..<8 {
            guard let pivot = (column..<8).max(by: { abs(rows[$0][column]) < abs(rows[$1][column]) }),
                abs(rows[pivot][column]) > 1e-12
            else { return nil }
            rows.swapAt(column, pivot)
            for row in 0..<8 where row != column {
                let factor = rows[row][column] / rows[column][column]
                for at in column..<9 { rows[row][at] -= factor * rows[column][at] }
            }
        }
        self.init((0..<8).map { rows[$0][8] / rows[$0][$0] } + [1])
    }

    public func callAsFunction(_ x: Double, _ y: Double) -> (x: Double, y: Double) {
        let h = values
        let w = h[6] * x + h[7] * y + h[8]
        return ((h[0] * x + h[1] * y + h[2]) / w, (h[3] * x + h[4] * y + h[5]) / w)
    }
}

extension Image {
    /// A square picture of `edge` x `edge` whose pixel (i, j) is this picture's at `map(i, j)`: bilinear, mirrored at the
    /// centres of the outermost pixels, as PyTorch's `grid_sample` with `align_corners` and reflection.
    /// - Parameter target: receives `[edge, edge, 3]`, values 0...1.
    public func sample(_ map: Homography, edge: Int, into target: UnsafeMutablePointer<Float>) {
        func mirrored(_ position: Double, _ length: Int) -> (low: Int, high: Int, share: Float) {
            let last = Double(length - 1)
            var at = position.isFinite ? position : 0
            if at < 0 || at > last {
                guard last > 0 else { return (0, 0, 0) }
                at = abs(at).truncatingRemainder(dividingBy: 2 * last)
                if at > last { at = 2 * last - at }
            }
            let low = min(Int(at), length - 1)
            return (low, min(low + 1, length - 1), Float(at - Double(low)))
        }
        let (h, width, height) = (map.values, width, height)
        let (h0, h1, h2, h3, h4, h5, h6, h7, h8) = (h[0], h[1], h[2], h[3], h[4], h[5], h[6], h[7], h[8])
        pixels.withUnsafeBufferPointer { source in
            for j in 0..<edge {
                let y = Double(j)
                for i in 0..<edge {
                    let x = Double(i)
                    let w = 1 / (h6 * x + h7 * y + h8)
                    let across = mirrored((h0 * x + h1 * y + h2) * w, width)
                    let down = mirrored((h3 * x + h4 * y + h5) * w, height)
                    let (a, b) = ((down.low * width + across.low) * 3, (down.low * width + across.high) * 3)
                    let (c, d) = ((down.high * width + across.low) * 3, (down.high * width + across.high) * 3)
                    let out = target + (j * edge + i) * 3
                    for channel in 0..<3 {
                        let (p, q) = (Float(source[a + channel]), Float(source[b + channel]))
                        let (r, s) = (Float(source[c + channel]), Float(source[d + channel]))
                        let (top, bottom) = (p + across.share * (q - p), r + across.share * (s - r))
                        out[channel] = (top + down.share * (bottom - top)) * (1 / 255)
                    }
                }
            }
        }
    }
}
