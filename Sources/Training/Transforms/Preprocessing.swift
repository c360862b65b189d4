import CKernels
import Evaluation
import Foundation
import Raster

/// How a picture becomes the network's input; the same in training's validation, evaluation, gate and export.
public struct Preprocessing: Codable, Sendable, Equatable {
    public enum Resize: String, Codable, Sendable, CaseIterable { case squish, crop, pad }

    /// Edge of the square input in pixels.
    public var size: Int
    public var resize: Resize
    /// Edge after resizing; the centre `size` x `size` of that is kept. Equal to `size` when nothing is cropped.
    public var resizeTo: Int
    /// Of values 0...1, per channel R, G, B.
    public var mean: [Float]
    public var std: [Float]

    /// What `size` can be.
    public static let sizes = 8...4096

    public static let imageNetMean: [Float] = [0.485, 0.456, 0.406]
    public static let imageNetStd: [Float] = [0.229, 0.224, 0.225]

    enum CodingKeys: String, CodingKey {
        case size, resize, resizeTo, mean, std
    }

    /// - Throws: `InputError` for sizes outside 8...4096 or statistics that are no three usable numbers.
    public init(
        size: Int, resize: Resize = .squish, resizeTo: Int? = nil, mean: [Float] = imageNetMean,
        std: [Float] = imageNetStd
    ) throws {
        self.size = size
        self.resize = resize
        self.resizeTo = resizeTo ?? size
        self.mean = mean
        self.std = std
        try check()
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        size = try container.decode(Int.self, forKey: .size)
        resize = try container.decode(Resize.self, forKey: .resize)
        resizeTo = try container.decodeIfPresent(Int.self, forKey: .resizeTo) ?? size
        mean = try container.decode([Float].self, forKey: .mean)
        std = try container.decode([Float].self, forKey: .std)
        try check()
    }

    private func check() throws {
        guard Self.sizes.contains(size), (size...8192).contains(resizeTo) else {
            throw InputError(
                "the image size cannot be used", expected: "8 to 4096 pixels", got: "\(size) from \(resizeTo)")
        }
        guard mean.count == 3, std.count == 3, mean.allSatisfy(\.isFinite), std.allSatisfy({ $0.isFinite && $0 > 0 })
        else {
            throw InputError(
                "mean and std cannot be used", expected: "3 finite numbers each, std above 0", got: "\(mean), \(std)")
        }
    }

    /// fastai's validation transform for RandomResizedCrop: squish the whole picture to size + xtra, keep the centre.
    public static func validation(size: Int) throws -> Preprocessing {
        let extra = Int((Double(size) * 0.14 / 8).rounded(.up)) * 8
        return try Preprocessing(size: size, resize: .squish, resizeTo: size + extra)
    }

    /// The picture at `size` x `size`.
    public func apply(_ image: Image) -> Image {
        if image.width == size, image.height == size, resizeTo == size { return image }
        let edge = resizeTo
        let resized: Image
        switch resize {
        case .squish: resized = image.resized(width: edge, height: edge)
        case .crop:
            // At whole pixels, as fastai's.
            let part = min(image.width, image.height)
            let (x, y) = ((image.width - part) / 2, (image.height - part) / 2)
            let box = Box(x: Double(x), y: Double(y), width: Double(part), height: Double(part))
            resized = image.resized(from: box, cutOut: true, width: edge, height: edge)
        case .pad:
            // Padded before it is resized, as fastai's; the long side is resized first, so that a strip needs no square.
            let (width, height) = (image.width, image.height)
            let padded =
                width > height
                ? image.resized(width: edge, height: height).mirroredOut(width: edge, height: width)
                : image.resized(width: width, height: edge).mirroredOut(width: height, height: edge)
            resized = padded.resized(width: edge, height: edge)
        }
        let margin = (edge - size) / 2
        return margin == 0 && edge == size ? resized : resized.cropped(x: margin, y: margin, width: size, height: size)
    }

    /// Writes `(value / 255 - mean) / std` as NHWC floats to `target`, which holds `size * size * 3`.
    func normalise(_ image: Image, into target: UnsafeMutablePointer<Float>) {
        let scale = std.map { 1 / (255 * $0) }
        let shift = zip(mean, std).map { -$0 / $1 }
        assay_normalise(image.pixels, Int64(image.width * image.height), scale, shift, target)
    }

    /// Values 0...1, `[size, size, 3]`, normalised in place.
    func normalise(_ values: UnsafeMutablePointer<Float>) {
        for pixel in 0..<size * size {
            for channel in 0..<3 {
                values[pixel * 3 + channel] = (values[pixel * 3 + channel] - mean[channel]) / std[channel]
            }
        }
    }
}

extension Image {
    /// The picture in the middle of a larger one, mirrored outwards at its borders.
    func mirroredOut(width newWidth: Int, height newHeight: Int) -> Image {
        func mirror(_ position: Int, _ length: Int) -> Int {
            guard length > 1 else { return 0 }
            let period = 2 * (length - 1)
            let folded = ((position % period) + period) % period
            return folded < length ? folded : period - folded
        }
        let (left, top) = ((newWidth - width) / 2, (newHeight - height) / 2)
        let columns = (0..<newWidth).map { mirror($0 - left, width) * 3 }
        var pixels: [UInt8] = []
        pixels.reserveCapacity(newWidth * newHeight * 3)
        for y in 0..<newHeight {
            let row = mirror(y - top, height) * width * 3
            if newWidth == width {
                pixels += self.pixels[row..<row + width * 3]
            } else {
                for column in columns { pixels += self.pixels[row + column..<row + column + 3] }
            }
        }
        return Image(width: newWidth, height: newHeight, pixels: pixels)
    }
}
