/// The one EXIF tag that changes a picture. Anything malformed counts as absent.
enum EXIF {
    /// The orientation 1...8 in a TIFF block (what follows `Exif\0\0`, or a PNG's eXIf chunk); nil if there is none.
    static func orientation(_ tiff: [UInt8]) -> Int? {
        guard tiff.count >= 8 else { return nil }
        let little: Bool
        switch (tiff[0], tiff[1]) {
        case (0x49, 0x49): little = true
        case (0x4D, 0x4D): little = false
        default: return nil
        }
        func number(_ at: Int, _ bytes: Int) -> Int? {
            guard at >= 0, at + bytes <= tiff.count else { return nil }
            let part = tiff[at..<at + bytes]
            return (little ? Array(part.reversed()) : Array(part)).reduce(0) { $0 << 8 | Int($1) }
        }
        guard number(2, 2) == 42, let directory = number(4, 4), let count = number(directory, 2) else { return nil }
        for entry in 0..<count {
            let at = directory + 2 + entry * 12
            guard let tag = number(at, 2) else { return nil }
            guard tag == 0x0112 else { continue }
            guard number(at + 2, 2) == 3, let value = number(at + 8, 2), (1...8).contains(value) else { return nil }
            return value
        }
        return nil
    }
}

extension Image {
    /// The picture as it is to be seen when its file says EXIF orientation `value` (1...8; others leave it).
    package func oriented(_ value: Int) -> Image {
        guard (2...8).contains(value) else { return self }
        let swaps = value >= 5
        let (newWidth, newHeight) = swaps ? (height, width) : (width, height)
        var result = [UInt8](repeating: 0, count: pixels.count)
        for y in 0..<newHeight {
            for x in 0..<newWidth {
                let (sx, sy): (Int, Int)
                switch value {
                case 2: (sx, sy) = (width - 1 - x, y)
                case 3: (sx, sy) = (width - 1 - x, height - 1 - y)
                case 4: (sx, sy) = (x, height - 1 - y)
                case 5: (sx, sy) = (y, x)
                case 6: (sx, sy) = (y, height - 1 - x)
                case 7: (sx, sy) = (width - 1 - y, height - 1 - x)
                default: (sx, sy) = (width - 1 - y, x)
                }
                let (to, from) = ((y * newWidth + x) * 3, (sy * width + sx) * 3)
                result[to] = pixels[from]
                result[to + 1] = pixels[from + 1]
                result[to + 2] = pixels[from + 2]
            }
        }
        return Image(width: newWidth, height: newHeight, pixels: result)
    }
}
