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
