import Foundation

/// What the markers of a JPEG tell: its orientation, and how many scans it has.
package struct JPEGSegments {
    package private(set) var orientation = 1
    package private(set) var scans = 0

    /// Walks the markers; everything is checked against the buffer's end.
    /// - Throws: `ImageError` if the file stops before its end-of-image marker.
    package init(_ bytes: [UInt8], _ file: String) throws {
        var at = 2
        while at + 1 < bytes.count {
            guard bytes[at] == 0xFF else {
                at = Self.next(bytes, at)  // entropy-coded data
                continue
            }
            switch bytes[at + 1] {
            case 0xFF: at += 1
            case 0x00, 0x01, 0xD0...0xD8: at += 2
            case 0xD9: return
            default: at = readSegment(bytes, at)
            }
        }
        throw ImageError(
            file: file, problem: "is truncated; expected a JPEG with an end marker, got \(bytes.count) bytes without")
    }

    /// The next byte of a marker; most of a file lies between them.
    private static func next(_ bytes: [UInt8], _ at: Int) -> Int {
        bytes.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress, let found = memchr(base + at, 0xFF, buffer.count - at) else {
                return buffer.count
            }
            return UnsafeRawPointer(found) - base
        }
    }

    /// Reads the segment whose marker stands at `at`; returns where the next begins, always further on.
    private mutating func readSegment(_ bytes: [UInt8], _ at: Int) -> Int {
        guard at + 3 < bytes.count else { return bytes.count }
        let end = at + 2 + max(2, Int(bytes[at + 2]) << 8 | Int(bytes[at + 3]))
        let marker = bytes[at + 1]
        if marker == 0xDA { scans += 1 }
        guard end <= bytes.count else { return end }
        let body = bytes[at + 4..<end]
        if marker == 0xE1, body.starts(with: Array("Exif\0\0".utf8)) {
            orientation = EXIF.orientation(Array(body.dropFirst(6))) ?? orientation
        }
        return end
    }
}
