import Evaluation
import Foundation
import Raster
import Training

/// One way from JPEG files, or what is kept of them, to 224 px.
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
    /// What each file takes, one after the other, with a crop of the whole picture.
    let milliseconds: (Box) throws -> Double

    static func pillows(_ peer: LineProcess, _ folder: String) -> [LoadingTask] {
        let kinds: [(Kind, String)] = [
            (.pillowDecode, "decode"), (.pillowCrop, "crop"), (.pillowDraft, "draft"), (.pillowSquish, "squish"),
        ]
        return kinds.map { kind, word in
            LoadingTask(kind: kind) { box in
                let reply = try peer.ask(
                    "\(word) \(box.x) \(box.y) \(box.x + box.width) \(box.y + box.height) \(folder)")
                guard let milliseconds = Double(reply) else { throw BenchmarkError("images.py: got '\(reply)'") }
                return milliseconds
            }
        }
    }

    static func ours(_ files: [String], itemSize: Int, _ cache: ItemCache) throws -> [LoadingTask] {
        func read(_ file: String, least: Int) throws -> Image {
            try Image.decode(Image.readBytes(path: file), named: file, least: least).image
        }
        func presized(_ file: String) throws -> Image { try read(file, least: itemSize * 3 / 2).presized(itemSize) }
        func task(_ kind: Kind, _ body: @escaping (_ file: Int, Box) throws -> some Any) -> LoadingTask {
            LoadingTask(kind: kind) { box in
                let clock = ContinuousClock()
                let began = clock.now
                for file in files.indices { _ = try body(file, box) }
                return (clock.now - began) / .milliseconds(files.count)
            }
        }
        let least = RandomResizedCrop(size: 224, minScale: minScale).leastEdge
        let kept = try files.map { try read($0, least: least) }
        let validation = try Preprocessing.validation(size: 224)
        for file in files {
            let entry = ItemCache.Entry(image: try presized(file), digest: String(repeating: "0", count: 64))
            try cache.write(entry, file, edge: itemSize)
        }
        return [
            task(.firstRead) { crop(try read(files[$0], least: least), $1) },
            task(.presizedRead) { crop(try presized(files[$0]), $1) },
            task(.cached) { file, box in
                guard let entry = cache.read(files[file], edge: itemSize) else {
                    throw BenchmarkError("the cache is broken")
                }
                return crop(entry.image, box)
            },
            task(.kept) { crop(kept[$0], $1) },
            task(.validation) { file, _ in validation.apply(try Image.read(path: files[file])) },
            task(.list) { file, _ in Digest.pixels(try Image.read(path: files[file])) },
        ]
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
