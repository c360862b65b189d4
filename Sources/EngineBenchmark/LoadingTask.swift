import Evaluation
import Foundation
import Raster
import Training

/// One way from a JPEG file, or what is kept of it, to 224 px.
struct LoadingTask {
    static let minScale = 0.35

    enum Kind: String {
        case pillowDecode = "Pillow: full decode"
        case pillowCrop = "Pillow: full decode, crop"
        case pillowDraft = "Pillow: decode halved (draft), crop"
        case pillowSquish = "Pillow: full decode, squish to 256, centre"
        case firstRead = "Assay: crop, first read"
        case presizedRead = "Assay: crop, first read and presized"
        case cached = "Assay: crop, presized in --cache"
        case kept = "Assay: crop, kept in memory"
        case validation = "Assay: squish to 256, centre, first read"
        case list = "Assay: full decode and digest, once a training"
    }

    let kind: Kind
    /// What it takes with a crop of the whole picture.
    let milliseconds: (Box) throws -> Double

    static func pillows(_ peer: LineProcess, _ file: String) -> [LoadingTask] {
        let kinds: [(Kind, String)] = [
            (.pillowDecode, "decode"), (.pillowCrop, "crop"), (.pillowDraft, "draft"), (.pillowSquish, "squish"),
        ]
        return kinds.map { kind, word in
            LoadingTask(kind: kind) { box in
                let reply = try peer.ask(
                    "\(word) \(box.x) \(box.y) \(box.x + box.width) \(box.y + box.height) \(file)")
                guard let milliseconds = Double(reply) else { throw BenchmarkError("images.py: got '\(reply)'") }
                return milliseconds
            }
        }
    }

    static func ours(_ file: String, itemSize: Int, _ cache: ItemCache) throws -> [LoadingTask] {
        func read(least: Int) throws -> Image {
            try Image.decode(Image.readBytes(path: file), named: file, least: least).image
        }
        func presized() throws -> Image { try read(least: itemSize * 3 / 2).presized(itemSize) }
        let least = RandomResizedCrop(size: 224, minScale: minScale).leastEdge
        let kept = try read(least: least)
        let validation = try Preprocessing.validation(size: 224)
        try cache.write(.init(image: presized(), digest: String(repeating: "0", count: 64)), file, edge: itemSize)
        return [
            LoadingTask(kind: .firstRead) { box in try time { crop(try read(least: least), box) } },
            LoadingTask(kind: .presizedRead) { box in try time { crop(try presized(), box) } },
            LoadingTask(kind: .cached) { box in
                try time {
                    guard let entry = cache.read(file, edge: itemSize) else {
                        throw BenchmarkError("the cache is broken")
                    }
                    return crop(entry.image, box)
                }
            },
            LoadingTask(kind: .kept) { box in time { crop(kept, box) } },
            LoadingTask(kind: .validation) { _ in try time { validation.apply(try Image.read(path: file)) } },
            LoadingTask(kind: .list) { _ in try time { Digest.pixels(try Image.read(path: file)) } },
        ]
    }

    private static func time(_ body: () throws -> some Any) rethrows -> Double {
        let clock = ContinuousClock()
        let began = clock.now
        _ = try body()
        return (clock.now - began) / .milliseconds(1)
    }

    /// A part of the whole picture, out of one that may be reduced.
    private static func crop(_ image: Image, _ box: Box) -> Image {
        let (across, down) = (
            Double(image.width) / Double(BenchmarkPhoto.width), Double(image.height) / Double(BenchmarkPhoto.height)
        )
        let part = Box(
            x: box.x * across, y: box.y * down, width: box.width * across, height: box.height * down)
        return image.resized(from: part, width: 224, height: 224)
    }
}
