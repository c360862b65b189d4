/// What a network's body says of pictures, the pooled features that its head reads: `[N, F]`, row-major, finite.
public struct FeatureRows: Sendable, Equatable {
    public let names: [String]
    public let width: Int
    public let values: [Float]

    public init(names: [String], width: Int, values: [Float]) {
        precondition(width > 0 && values.count == names.count * width, "a row of \(width) features a name")
        (self.names, self.width, self.values) = (names, width, values)
    }

    public subscript(row: Int) -> ArraySlice<Float> { values[row * width..<(row + 1) * width] }

    /// Rows of length 1; a row of zeros stays so.
    var unit: FeatureRows {
        var values = values
        for row in names.indices {
            let range = row * width..<(row + 1) * width
            let length = values[range].reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
            guard length > 0 else { continue }
            for at in range { values[at] = Float(Double(values[at]) / length) }
        }
        return FeatureRows(names: names, width: width, values: values)
    }
}
