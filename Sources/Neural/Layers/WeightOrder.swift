/// PyTorch's axis order <-> the engine's: a matrix product reads weights as `[input, output]` rows.
///
/// Convolution `[O, I, H, W]` <-> `[H, W, I, O]`; linear `[O, I]` <-> `[I, O]`; vectors stay.
enum WeightOrder {
    /// Outputs that are moved together: a cache line of them is read or written at once.
    private static let block = 16

    static func toEngine(_ values: [Float], shape: [Int]) -> [Float] {
        guard shape.count >= 2 else { return values }
        let (output, input, area) = (shape[0], shape[1], shape.dropFirst(2).reduce(1, *))
        return [Float](unsafeUninitializedCapacity: values.count) { result, count in
            for first in stride(from: 0, to: output, by: block) {
                let outputs = first..<min(first + block, output)
                for i in 0..<input {
                    for a in 0..<area {
                        let to = (a * input + i) * output
                        for o in outputs { result[to + o] = values[(o * input + i) * area + a] }
                    }
                }
            }
            count = values.count
        }
    }

    static func toPyTorch(_ values: [Float], shape: [Int]) -> [Float] {
        guard shape.count >= 2 else { return values }
        let (output, input, area) = (shape[0], shape[1], shape.dropFirst(2).reduce(1, *))
        return [Float](unsafeUninitializedCapacity: values.count) { result, count in
            for first in stride(from: 0, to: output, by: block) {
                let outputs = first..<min(first + block, output)
                for i in 0..<input {
                    for a in 0..<area {
                        let from = (a * input + i) * output
                        for o in outputs { result[(o * input + i) * area + a] = values[from + o] }
                    }
                }
            }
            count = values.count
        }
    }
}
