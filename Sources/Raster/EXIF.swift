/// The one EXIF tag that changes a picture. Anything malformed counts as absent.
package enum EXIF {
    /// The orientation 1...8 in a TIFF block (what follows `Exif\0\0`, or a PNG's eXIf chunk); nil if there is none.
    package static func orientation(_ tiff: [UInt8]) -> Int? {
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
