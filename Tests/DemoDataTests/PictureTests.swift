import DemoData
import Raster
import Testing

/// What is in a picture by its labels, in the mean over forty: place, size, light and colours are chance's.
@Suite struct PictureTests {
    private struct Tone {
        var red = 0.0
        var green = 0.0
        var blue = 0.0

        var isDark: Bool { max(red, green, blue) < 80 }
        var isWhite: Bool { min(red, green, blue) > 150 && abs(red - blue) < 15 }
        var isSkin: Bool { red > green + 20 && green > blue + 15 }
        var isBlue: Bool { blue > red + 20 && green > red + 20 }
    }

    /// A square of 9 x 9 pixels about each point, in parts of a picture's sides.
    private func tones(_ labels: [String], at places: [(x: Double, y: Double)]) throws -> [Tone] {
        let count = 40
        var tones = places.map { _ in Tone() }
        for seed in 0..<count {
            let image = try Picture.draw(labels: labels, seed: UInt64(seed))
            for (index, place) in places.enumerated() {
                let (x, y) = (Int(place.x * Double(image.width)), Int(place.y * Double(image.height)))
                for (dx, dy) in (0..<81).map({ ($0 % 9 - 4, $0 / 9 - 4) }) {
                    let at = ((y + dy) * image.width + x + dx) * 3
                    tones[index].red += Double(image.pixels[at]) / Double(81 * count)
                    tones[index].green += Double(image.pixels[at + 1]) / Double(81 * count)
                    tones[index].blue += Double(image.pixels[at + 2]) / Double(81 * count)
                }
            }
        }
        return tones
    }

    private func face(_ labels: String...) throws -> (forehead: Tone, mouth: Tone) {
        let tones = try tones(labels, at: [(0.5, 0.32), (0.5, 0.6)])
        return (tones[0], tones[1])
    }

    @Test func aFaceIsThereUnlessTheLabelSaysNone() throws {
        let (bare, none) = (try face(Picture.noMask), try face(Picture.noFace))
        #expect(bare.forehead.isSkin && bare.mouth.isSkin)
        #expect(!none.forehead.isSkin && !none.mouth.isSkin)
    }

    @Test func oneMaskIsWorn() throws {
        let (cloth, gas) = (try face("Cloth"), try face("Gas"))
        #expect(cloth.forehead.isSkin && !cloth.mouth.isSkin && !cloth.mouth.isDark && !cloth.mouth.isWhite)
        #expect(gas.forehead.isDark && gas.mouth.isDark)
        let kn95 = try face("KN95")
        #expect(kn95.forehead.isSkin && kn95.mouth.isWhite)
        for label in ["Medical", "Surgical"] {
            let pleated = try face(label)
            #expect(pleated.forehead.isSkin && pleated.mouth.isBlue)
        }
    }

    /// It lightens what lies behind it.
    @Test func aShieldIsWornOverAnother() throws {
        let (bare, shield) = (try face(Picture.noMask), try face("Shield"))
        #expect(shield.mouth.isSkin && shield.mouth.blue > bare.mouth.blue + 25)
        let (kn95, both) = (try face("KN95"), try face("KN95", "Shield"))
        #expect(both.mouth.isWhite && both.forehead.blue > kn95.forehead.blue + 20)
        let pleated = try face("Shield", "Surgical")
        #expect(pleated.mouth.isBlue && pleated.forehead.blue > kn95.forehead.blue + 20)
    }

    @Test func otherSetsAreSeveralPeopleSideBySide() throws {
        let pair = try tones(["Cloth", "Medical"], at: [(0.25, 0.6), (0.75, 0.6)])
        #expect(!pair[0].isBlue && pair[1].isBlue)
        let white = try tones(["Cloth", "KN95"], at: [(0.25, 0.6), (0.75, 0.6)])
        #expect(!white[0].isWhite && white[1].isWhite)
        let three = try tones(["Cloth", "KN95", "Medical"], at: [(0.167, 0.6), (0.5, 0.6), (0.833, 0.6)])
        #expect(!three[0].isBlue && !three[1].isBlue && three[2].isBlue)
    }
}
