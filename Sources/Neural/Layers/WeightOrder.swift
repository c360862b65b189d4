/// PyTorch's axis order <-> the engine's: a matrix product reads weights as `[input, output]` rows.
///
/// Convolution `[O, I, H, W]` <-> `[H, W, I, O]`; linear `[O, I]` <-> `[I, O]`; vectors stay.
enum WeightOrder {
    static func toEngine(_ values: [Float], shape: [Int]) -> [Float] {
        guard shape.count >= 2 else { return values }
        let (output, input, area) = (shape[0], shape[1], shape.dropFirst(2).reduce(1, *))
        return [Float](unsafeUninitializedCapacity: values.count) { result, count in
            for o in 0..<output {
                for i in 0..<input {
                    let from = (o * input + i) * area
                    for a in 0..<area { result[(a * input + i) * output + o] = values[from + a] }
                }
            }
            count = values.count
        }
    }

    static func toPyTorch(_ values: [Float], shape: [Int]) -> [Float] {
        guard shape.count >= 2 else { return values }
        let (output, input, area) = (shape[0], shape[1], shape.dropFirst(2).reduce(1, *))
        return [Float](unsafeUninitializedCapacity: values.count) { result, count in
            for o in 0..<output {
                for i in 0..<input {
                    let to = (o * input + i) * area
                    for a in 0..<area { result[to + a] = values[(a * input + i) * output + o] }
                }
            }
            count = values.count
        }
    }
}
