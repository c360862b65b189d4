import ArgumentParser
import Evaluation
import Foundation
import Training

/// How training images are changed at random. Each is nil unless it was given.
struct AugmentOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "crop: RandomResizedCrop and flip; fastai: presizing and aug_transforms (default: crop).", valueName: "how")
    )
    var transforms: String?
    @Option(
        help: ArgumentHelp(
            "First resize images to this shorter edge (default: none; fastai and --cache: one and a half --size).",
            valueName: "n"))
    var itemSize: Int?
    @Option(help: ArgumentHelp("Largest rotation, for fastai (default: 10).", valueName: "degrees"))
    var rotate: String?
    @Option(help: ArgumentHelp("Largest zoom, for fastai (default: 1.1).", valueName: "factor"))
    var zoom: String?
    @Option(help: ArgumentHelp("Largest perspective warp, for fastai (default: 0.2).", valueName: "share"))
    var warp: String?
    @Option(
        help: ArgumentHelp("Largest change of brightness and contrast (default: 0; fastai: 0.2).", valueName: "share"))
    var lighting: String?
    @Option(help: ArgumentHelp("Largest change of saturation (default: 0).", valueName: "share"))
    var saturation: String?
    @Option(help: ArgumentHelp("Largest change of hue (default: 0).", valueName: "share"))
    var hue: String?
    @Option(help: ArgumentHelp("How often a random rectangle becomes noise (default: 0).", valueName: "p"))
    var erase: String?

    /// The names of those that were given.
    var given: [String] {
        let texts = [
            ("--transforms", transforms), ("--item-size", itemSize.map(String.init)), ("--rotate", rotate),
            ("--zoom", zoom), ("--warp", warp), ("--lighting", lighting), ("--saturation", saturation), ("--hue", hue),
            ("--erase", erase),
        ]
        return texts.filter { $0.1 != nil }.map(\.0)
    }

    func validate() throws {
        _ = try augmentation(size: 128)
        if transforms ?? "crop" == "crop",
            let name = given.first(where: { ["--rotate", "--zoom", "--warp"].contains($0) })
        {
            throw ValidationError("\(name) goes with --transforms fastai.")
        }
    }

    /// - Throws: `ValidationError` for what images that stay as they are have no place for.
    func validate(with options: TrainOptions, cache: String?) throws {
        guard options.augment == false, let name = (given + (cache == nil ? [] : ["--cache"])).first else { return }
        throw ValidationError("\(name) means nothing with --no-augment.")
    }

    /// Nil if nothing was given.
    func augmentation(size: Int) throws -> Augmentation? {
        guard !given.isEmpty else { return nil }
        guard let kind = Augmentation.Kind(rawValue: transforms ?? "crop") else {
            throw ValidationError("--transforms: expected crop or fastai, got '\(transforms ?? "")'.")
        }
        if let itemSize, !(8...8192).contains(itemSize) {
            throw ValidationError("--item-size: expected 8 to 8192 pixels, got \(itemSize).")
        }
        var result = Augmentation(kind, itemSize: itemSize ?? (kind == .fastai ? size * 3 / 2 : nil))
        func set(_ value: inout Double, _ text: String?, _ name: String, _ range: ClosedRange<Double>) throws {
            value =
                try NumberOption.parse(
                    text, name, expected: "\(range.lowerBound) to \(range.upperBound)", { range.contains($0) }) ?? value
        }
        try set(&result.rotate, rotate, "--rotate", 0...180)
        try set(&result.zoom, zoom, "--zoom", 1...10)
        try set(&result.warp, warp, "--warp", 0...0.5)
        try set(&result.lighting, lighting, "--lighting", 0...0.9)
        try set(&result.saturation, saturation, "--saturation", 0...0.9)
        try set(&result.hue, hue, "--hue", 0...0.9)
        try set(&result.erase, erase, "--erase", 0...1)
        return result
    }

    /// Validation keeps the centre of a picture that training presizes by windows, as fastai's does.
    /// - Parameter keepsScale: whether the smallest crop is as it is to be; presizing's default is no crop.
    func apply(to config: inout RunConfig, keepsScale: Bool) throws {
        guard let augmentation = try augmentation(size: config.preprocessing.size) else { return }
        config.augmentation = augmentation
        if augmentation.kind == .fastai {
            if !keepsScale { config.minScale = 1 }
            config.preprocessing = try Preprocessing(size: config.preprocessing.size, resize: .crop)
        }
    }
}
