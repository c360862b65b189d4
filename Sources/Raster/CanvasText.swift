import CCairo

/// Where a text's given x lies.
public enum TextAlignment: Sendable { case left, center, right }

extension Canvas {
    /// Draws one line of text with its baseline at `y`. Control characters become spaces.
    public func text(
        _ string: String, _ x: Double, _ y: Double, size: Double, color: Color = .black,
        alignment: TextAlignment = .left, bold: Bool = false
    ) {
        let string = Self.printable(string)
        selectFont(size: size, bold: bold)
        let shift: Double
        switch alignment {
        case .left: shift = 0
        case .center: shift = -advance(string) / 2
        case .right: shift = -advance(string)
        }
        setColor(color)
        cairo_move_to(context, x + shift, y)
        cairo_show_text(context, string)
        cairo_new_path(context)
    }

    /// The advance width of `string` in pixels.
    public func textWidth(_ string: String, size: Double, bold: Bool = false) -> Double {
        selectFont(size: size, bold: bold)
        return advance(Self.printable(string))
    }

    /// `string`, cut with an ellipsis so that it is at most `width` pixels wide.
    public func fitted(_ string: String, width: Double, size: Double, bold: Bool = false) -> String {
        guard textWidth(string, size: size, bold: bold) > width else { return string }
        // No letter is narrower than a pixel, so that longer beginnings need not be tried one by one.
        var cut = String(string.prefix(max(0, Int(width))))
        while !cut.isEmpty, textWidth(cut + "…", size: size, bold: bold) > width { cut.removeLast() }
        return cut + "…"
    }

    private func selectFont(size: Double, bold: Bool) {
        cairo_select_font_face(
            context, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL, bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL)
        cairo_set_font_size(context, size)
    }

    private func advance(_ string: String) -> Double {
        var extents = cairo_text_extents_t()
        cairo_text_extents(context, string, &extents)
        return extents.x_advance
    }

    private static func printable(_ string: String) -> String {
        String(String.UnicodeScalarView(string.unicodeScalars.map { $0.value < 32 || $0.value == 127 ? " " : $0 }))
    }
}
