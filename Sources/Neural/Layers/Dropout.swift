/// Inverted dropout (Srivastava et al., 2014): each value is kept with 1 - p and then scaled by 1 / (1 - p).
///
/// The mask is a function of the stream and the index, so backward draws it again instead of storing it.
struct Dropout {
    let probability: Float
    let random: CounterRandom

    /// y = x * mask / (1 - p). Its own backward: give it dy and dx.
    func apply(_ x: UnsafePointer<Float>, _ y: Floats, accumulate: Bool = false, count: Int) {
        let scale = probability < 1 ? 1 / (1 - probability) : 0
        for i in 0..<count {
            let value = random.uniform(i) >= probability ? x[i] * scale : 0
            y[i] = accumulate ? y[i] + value : value
        }
    }
}
