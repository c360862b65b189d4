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
