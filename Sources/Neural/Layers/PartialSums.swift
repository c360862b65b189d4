import CKernels

extension Workers {
    /// sum [count] = the shares [number][count] of it that ranges of rows came to, added in their order. `sum` may be the
    /// first share's place.
    func addUp(_ shares: Floats, _ number: Int, count: Int, into sum: Floats) {
        run(over: count, length: 1 << 14) { part, _ in
            for share in (sum == shares ? 1 : 0)..<max(1, number) {
                assay_accumulate(
                    shares + share * count + part.lowerBound, sum + part.lowerBound, share == 0 ? 0 : 1,
                    Int64(part.count))
            }
        }
    }
}
