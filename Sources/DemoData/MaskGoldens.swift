import Evaluation
import Foundation
import Raster

/// The manual tests of the drawn masks: folders as their author kept them, odd names and formats among them.
///
/// `Goldens/masks` is what this draws, committed.
public enum MaskGoldens {
    enum Format { case jpeg, png, rotatedJPEG }

    struct Photo {
        var name: String
        var labels: [String]
        var format = Format.jpeg
        /// Whether labels.csv tells its whole truth; the rest is judged by expectations alone.
        var isLabelled = true
    }

    /// What is never true beside another label.
    public static let exclusive = ["-", "No_mask!"]

    static let photos: [Photo] =
        ["f.jpg", "f0.jpg", "f1.jpg", "f2.jpg", "f3.jpg", "f4.jpg", "f5.jpg"].map {
            Photo(name: "NEU/" + $0, labels: ["No_mask!"])
        }
        + ["i0.jpg", "i1.jpg", "i2.jpg", "l0.jpg", "l1.jpg", "l2.jpg"].map { Photo(name: "NEU/" + $0, labels: ["-"]) }
        + [
            Photo(name: "NEW/0.jpg", labels: ["Cloth", "KN95"], isLabelled: false),
            Photo(name: "NEW/1.jpg", labels: ["Cloth", "Medical"], isLabelled: false),
            Photo(name: "NEW/10.jpg", labels: ["Cloth", "KN95", "Medical"], isLabelled: false),
            Photo(name: "NEW/100.jpg", labels: ["Cloth", "KN95"], isLabelled: false),
            Photo(name: "spare/c.jpg", labels: ["Cloth"]), Photo(name: "spare/c1.jpeg", labels: ["Cloth"]),
            Photo(name: "spare/c2 (sideways).jpg", labels: ["Cloth"], format: .rotatedJPEG),
            Photo(name: "spare/kn.jfif", labels: ["KN95"]), Photo(name: "spare/kn0.jfif", labels: ["KN95"]),
            Photo(name: "spare/WhatsApp Image 2020-09-13 at 8.34.08 PM.jpeg", labels: ["KN95"]),
            Photo(name: "spare/ff.JPG", labels: ["Gas"]), Photo(name: "spare/ff0.jpg", labels: ["Gas"]),
            Photo(name: "spare/s.jpg", labels: ["Shield"]), Photo(name: "spare/boom.PNG", labels: ["-"], format: .png),
            Photo(name: "spare/t.PNG", labels: ["No_mask!"], format: .png),
            Photo(name: "spare/really a png.jpg", labels: ["Gas"], format: .png),
            Photo(name: "spare/xr.png", labels: ["Medical"], format: .png, isLabelled: false),
            Photo(name: "spare/m.jpg", labels: ["Surgical"], isLabelled: false),
        ]

    static let yaml = """
        version: 1
        name: masks-manual
        images: images
        labels: labels.csv
        expect:
          - match: "NEU/f*.jpg"
            must: [No_mask!]
            must_not: [Medical, Surgical, Gas]
          - match: "NEU/[il]*.jpg"
            must_not: [No_mask!]
          - match: "NEW/*"          # several people: whichever masks are found, these are wrong
            must_not: ["-", Gas]
          - match: "spare/m.jpg"    # a medical mask; two labels stand for it
            must_not: ["-", No_mask!, Gas]
          - match: "spare/xr.png"
            must_not: ["-", No_mask!, Gas]
        exclusive: [\(exclusive.map { "\"\($0)\"" }.joined(separator: ", "))]
        rules:
          - {metric: accuracy_multi, at_least: 0.93}
          - {metric: recall, label: No_mask!, slice: NEU, at_least: 0.55}
          - {metric: recall, label: "-", slice: NEU, at_least: 0.6}
          - {metric: recall, label: KN95, at_least: 0.6}
          - {metric: contradictions, at_most: 2}
          - {metric: expectations, at_least: 0.8}

        """

    /// Writes `golden.yaml`, `labels.csv` and `images/` below `folder`.
    public static func write(to folder: String, seed: UInt64 = 2020) throws {
        var table = CSV.line(["fname", "labels"])
        for (index, photo) in photos.enumerated() {
            let path = "\(folder)/images/\(photo.name)"
            try FileManager.default.createDirectory(
                atPath: URL(fileURLWithPath: path).deletingLastPathComponent().path, withIntermediateDirectories: true)
            try FileBytes.write(try bytes(photo, seed: seed &+ UInt64(index) &* 7919), to: path)
            if photo.isLabelled { table += CSV.line([photo.name, photo.labels.joined(separator: ";")]) }
        }
        try FileBytes.write(table, to: folder + "/labels.csv")
        try FileBytes.write(yaml, to: folder + "/" + GoldenSet.file)
    }

    static func bytes(_ photo: Photo, seed: UInt64) throws -> [UInt8] {
        let image = try Picture.draw(labels: photo.labels, seed: seed)
        switch photo.format {
        case .jpeg: return try image.jpegBytes(quality: 85)
        case .png: return try image.resized(width: image.width / 2, height: image.height / 2).pngBytes()
        case .rotatedJPEG:
            // Stored lying on its side, with the EXIF tag that sets it upright.
            var bytes = try image.oriented(8).jpegBytes(quality: 85)
            let tiff: [UInt8] = [
                0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0,
            ]
            let body = Array("Exif\0\0".utf8) + tiff
            bytes.insert(contentsOf: [0xFF, 0xE1, 0, UInt8(body.count + 2)] + body, at: 2)
            return bytes
        }
    }
}
