import Raster

/// Okabe and Ito's colours, told apart by most colour-blind people.
package enum Palette {
    package static let ink = Color(hex: 0x1C2430)
    package static let soft = Color(hex: 0x5A6675)
    package static let grid = Color(hex: 0xE3E8ED)
    package static let blue = Color(hex: 0x0072B2)
    package static let orange = Color(hex: 0xD55E00)
    /// Blue of intervals behind their points.
    package static let faint = Color(hex: 0x9CC8E3)
    package static let green = Color(hex: 0x009E73)

    /// White to dark blue for 0...1, by the square root so that small shares show.
    static func heat(_ share: Double) -> Color {
        let t = max(0, min(1, share)).squareRoot()
        return Color(1 - 0.97 * t, 1 - 0.62 * t, 1 - 0.38 * t)
    }

    /// Text over `heat(share)`: whichever of white and ink has the higher contrast.
    static func text(on share: Double) -> Color { share > 0.58 ? .white : ink }
}
