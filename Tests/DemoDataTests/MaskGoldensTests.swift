import DemoData
import Evaluation
import Foundation
import Raster
import Testing

@Suite final class MaskGoldensTests {
    private static let committed = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Goldens/masks").path

    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("goldens-\(UUID())").path

    init() throws { try MaskGoldens.write(to: folder) }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    @Test func filesAreThoseCommitted() throws {
        #expect(try FileListing(of: folder).files == FileListing(of: Self.committed).files)
        for file in ["golden.yaml", "labels.csv"] {
            #expect(try FileBytes.read(folder + "/" + file) == FileBytes.read(Self.committed + "/" + file))
        }
        #expect(
            try GoldenSet.read(folder: folder).rules
                == GoldenSet.read(folder: Self.committed).rules.map { rule in
                    var rule = rule
                    rule.place = rule.place.replacingOccurrences(of: Self.committed, with: folder)
                    return rule
                })
    }

    /// To the pixel, but for a few which another Cairo or libm may draw otherwise; what is random in a picture would make
    /// all of them differ.
    @Test func picturesAreThoseCommitted() throws {
        let images = try FileListing(of: Self.committed + "/images").files
        #expect(images.count == 31)
        for name in images {
            let (drawn, committed) = (
                try FileBytes.read("\(folder)/images/\(name)"),
                try FileBytes.read("\(Self.committed)/images/\(name)")
            )
            // The same format, and as it lies in the file.
            #expect(drawn.prefix(3) == committed.prefix(3), "\(name)")
            #expect(
                try Image.inspect(path: "\(folder)/images/\(name)")
                    == Image.inspect(path: "\(Self.committed)/images/\(name)"), "\(name)")
            let (a, b) = (try Image(decoding: drawn, named: name), try Image(decoding: committed, named: name))
            try #require(a.width == b.width && a.height == b.height, "\(name)")
            let sum = zip(a.pixels, b.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
            #expect(Double(sum) / Double(a.pixels.count) < 0.2, "\(name)")
        }
    }

    /// What their author's folders had: PNGs under other names, and a picture that lies on its side but for its EXIF.
    @Test func formatsAreAsOddAsTheNamesSay() throws {
        func start(_ name: String) throws -> [UInt8] {
            Array(try FileBytes.read("\(Self.committed)/images/spare/\(name)").prefix(4))
        }
        #expect(try start("really a png.jpg") == [0x89, 0x50, 0x4E, 0x47])
        #expect(try start("kn.jfif").starts(with: [0xFF, 0xD8, 0xFF]))
        let path = Self.committed + "/images/spare/c2 (sideways).jpg"
        let (stored, seen) = (try Image.inspect(path: path), try Image.read(path: path))
        #expect(stored.width == seen.height && stored.height == seen.width && seen.width != seen.height)
    }
}
