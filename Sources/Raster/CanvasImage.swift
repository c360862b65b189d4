import CCairo

extension Canvas {
    /// What has been drawn, as pixels.
    public func image() -> Image {
        cairo_surface_flush(surface)
        var pixels = [UInt8](repeating: 255, count: width * height * 3)
        if let data = cairo_image_surface_get_data(surface) {
            let stride = Int(cairo_image_surface_get_stride(surface))
            for y in 0..<height {
                let row = UnsafeRawPointer(data + y * stride).assumingMemoryBound(to: UInt32.self)
                for x in 0..<width {
                    let at = (y * width + x) * 3
                    pixels[at] = UInt8(truncatingIfNeeded: row[x] >> 16)
                    pixels[at + 1] = UInt8(truncatingIfNeeded: row[x] >> 8)
                    pixels[at + 2] = UInt8(truncatingIfNeeded: row[x])
                }
            }
        }
        return Image(width: width, height: height, pixels: pixels)
    }

    /// Draws `image` with its top left corner at (`x`, `y`), scaled to `width` x `height` pixels.
    public func draw(_ image: Image, _ x: Double, _ y: Double, width: Double, height: Double) {
        let image = prepared(image, width: width, height: height)
        guard let source = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(image.width), Int32(image.height)),
            let data = cairo_image_surface_get_data(source)
        else { return }
        defer { cairo_surface_destroy(source) }
        cairo_surface_flush(source)
        let stride = Int(cairo_image_surface_get_stride(source))
        for row in 0..<image.height {
            let target = UnsafeMutableRawPointer(data + row * stride).assumingMemoryBound(to: UInt32.self)
            for column in 0..<image.width {
                let at = (row * image.width + column) * 3
                target[column] =
                    UInt32(image.pixels[at]) << 16 | UInt32(image.pixels[at + 1]) << 8 | UInt32(image.pixels[at + 2])
            }
        }
        cairo_surface_mark_dirty(source)
        saved {
            translate(x, y)
            scale(width / Double(image.width), height / Double(image.height))
            cairo_set_source_surface(context, source, 0, 0)
            cairo_pattern_set_extend(cairo_get_source(context), CAIRO_EXTEND_PAD)
            rectangle(0, 0, Double(image.width), Double(image.height))
            cairo_fill(context)
        }
    }

    /// The picture, or if it is long, of no more pixels than are drawn: Cairo draws nothing where what it reads, some of it
    /// beside the picture, has coordinates of more than 16 bits.
    private func prepared(_ image: Image, width: Double, height: Double) -> Image {
        let longest = 8192
        guard max(image.width, image.height) > longest else { return image }
        func drawn(_ x: Double, _ y: Double) -> Int {
            var (x, y) = (x, y)
            cairo_user_to_device_distance(context, &x, &y)
            return max(1, Int(min(Double(longest), (x * x + y * y).squareRoot().rounded(.up))))
        }
        return image.resized(width: min(image.width, drawn(width, 0)), height: min(image.height, drawn(0, height)))
    }
}
