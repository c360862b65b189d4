import CCairo

/// A drawing surface over Cairo: device pixels, origin top left, y down. Owns its C handles and frees them.
public final class Canvas {
    public let width: Int
    public let height: Int
    let surface: OpaquePointer
    let context: OpaquePointer

    /// - Throws: `ImageError` when Cairo cannot make a surface of that size (each side 1...32767).
    public init(width: Int, height: Int, background: Color = .white) throws {
        guard (1...32767).contains(width), (1...32767).contains(height),
            let surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height)),
            let context = cairo_create(surface), cairo_status(context) == CAIRO_STATUS_SUCCESS
        else { throw ImageError(file: "canvas", problem: "cannot draw \(width) x \(height) pixels") }
        self.width = width
        self.height = height
        self.surface = surface
        self.context = context
        setColor(background)
        cairo_paint(context)
    }

    deinit {
        cairo_destroy(context)
        cairo_surface_destroy(surface)
    }

    // MARK: State

    /// Runs `body` with the current transform, clip and colours saved, and restores them.
    public func saved(_ body: () throws -> Void) rethrows {
        cairo_save(context)
        defer { cairo_restore(context) }
        try body()
    }

    public func translate(_ x: Double, _ y: Double) { cairo_translate(context, x, y) }
    public func scale(_ x: Double, _ y: Double) { cairo_scale(context, x, y) }
    /// Turns clockwise by `radians`.
    public func rotate(_ radians: Double) { cairo_rotate(context, radians) }

    public func setColor(_ color: Color) {
        cairo_set_source_rgba(context, color.red, color.green, color.blue, color.alpha)
    }

    // MARK: Paths

    public func move(_ x: Double, _ y: Double) { cairo_move_to(context, x, y) }
    public func line(_ x: Double, _ y: Double) { cairo_line_to(context, x, y) }
    public func curve(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ x3: Double, _ y3: Double) {
        cairo_curve_to(context, x1, y1, x2, y2, x3, y3)
    }
    public func close() { cairo_close_path(context) }
    public func rectangle(_ x: Double, _ y: Double, _ width: Double, _ height: Double) {
        cairo_rectangle(context, x, y, width, height)
    }
    /// A closed ellipse about (`x`, `y`).
    public func ellipse(_ x: Double, _ y: Double, _ radiusX: Double, _ radiusY: Double) {
        guard radiusX > 0, radiusY > 0 else { return }
        cairo_new_sub_path(context)
        cairo_save(context)
        cairo_translate(context, x, y)
        cairo_scale(context, radiusX, radiusY)
        cairo_arc(context, 0, 0, 1, 0, 2 * Double.pi)
        cairo_restore(context)
        cairo_close_path(context)
    }
    /// An open arc of a circle, clockwise from `from` to `to` radians.
    public func arc(_ x: Double, _ y: Double, _ radius: Double, from: Double, to: Double) {
        cairo_arc(context, x, y, radius, from, to)
    }

    /// Fills the path and forgets it, unless `keepingPath`.
    public func fill(_ color: Color, keepingPath: Bool = false) {
        setColor(color)
        if keepingPath { cairo_fill_preserve(context) } else { cairo_fill(context) }
    }

    /// Fills the path with a linear gradient of `stops` (offset 0...1, colour) from one point to the other.
    public func fill(
        from start: (x: Double, y: Double), to end: (x: Double, y: Double), stops: [(Double, Color)],
        keepingPath: Bool = false
    ) {
        fill(pattern: cairo_pattern_create_linear(start.x, start.y, end.x, end.y), stops, keepingPath)
    }

    /// Fills the path with a radial gradient about `center`.
    public func fill(
        radialAt center: (x: Double, y: Double), radius: Double, stops: [(Double, Color)], keepingPath: Bool = false
    ) {
        fill(
            pattern: cairo_pattern_create_radial(center.x, center.y, 0, center.x, center.y, radius), stops, keepingPath)
    }

    private func fill(pattern: OpaquePointer?, _ stops: [(Double, Color)], _ keepingPath: Bool) {
        guard let pattern else { return }
        for (offset, color) in stops {
            cairo_pattern_add_color_stop_rgba(pattern, offset, color.red, color.green, color.blue, color.alpha)
        }
        cairo_set_source(context, pattern)
        if keepingPath { cairo_fill_preserve(context) } else { cairo_fill(context) }
        cairo_pattern_destroy(pattern)
    }

    public func stroke(_ color: Color, width: Double = 1, dash: [Double] = [], keepingPath: Bool = false) {
        setColor(color)
        cairo_set_line_width(context, width)
        cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
        cairo_set_line_cap(context, CAIRO_LINE_CAP_ROUND)
        cairo_set_dash(context, dash, Int32(dash.count), 0)
        if keepingPath { cairo_stroke_preserve(context) } else { cairo_stroke(context) }
    }

    /// Restricts drawing to the path, until the enclosing `saved` ends.
    public func clip() { cairo_clip(context) }
}
