import Evaluation
import Raster

/// One training image: geometry, light, normalisation, erasing, in fastai's order.
struct TrainingTransform: Sendable {
    let augmentation: Augmentation
    let minScale: Double
    let preprocessing: Preprocessing

    init(_ config: RunConfig) {
        augmentation = config.augmentation ?? Augmentation(.crop)
        (minScale, preprocessing) = (config.minScale, config.preprocessing)
    }

    /// What `apply` takes.
    var form: ImageForm {
        augmentation.itemSize.map(ImageForm.presized)
            ?? .reduced(least: RandomResizedCrop(size: preprocessing.size, minScale: minScale).leastEdge)
    }

    /// Writes the normalised `[size, size, 3]` to `target`.
    /// - Parameter item: in this transform's form.
    func apply(_ item: Image, _ generator: inout SeededGenerator, into target: UnsafeMutablePointer<Float>) {
        let size = preprocessing.size
        switch augmentation.kind {
        case .crop:
            let image = RandomResizedCrop(size: size, minScale: minScale).apply(item, &generator)
            let lighting = Lighting(augmentation, &generator)
            if lighting == Lighting() {
                preprocessing.normalise(image, into: target)
            } else {
                for (at, value) in image.pixels.enumerated() { target[at] = Float(value) / 255 }
                finish(lighting, target)
            }
        case .fastai:
            let window = Self.window(of: item, atLeast: size, &generator)
            let view = RandomView(augmentation: augmentation, minScale: minScale)
            let draw = view.draw(edge: window.width, &generator)
            window.sample(RandomView.map(draw, edge: window.width, size: size), edge: size, into: target)
            finish(Lighting(augmentation, &generator), target)
        }
        RandomErasing(probability: augmentation.erase).apply(target, edge: size, &generator)
    }

    private func finish(_ lighting: Lighting, _ target: UnsafeMutablePointer<Float>) {
        lighting.apply(target, count: preprocessing.size * preprocessing.size)
        preprocessing.normalise(target)
    }

    /// A square window at a random place; not more than twice `size`, since the interpolation reads only 2 x 2 pixels.
    private static func window(of item: Image, atLeast size: Int, _ generator: inout SeededGenerator) -> Image {
        let edge = min(item.width, item.height)
        let x = Int(generator.uniform() * Double(item.width - edge + 1))
        let y = Int(generator.uniform() * Double(item.height - edge + 1))
        if edge > 2 * size {
            let box = Box(x: Double(x), y: Double(y), width: Double(edge), height: Double(edge))
            return item.resized(from: box, cutOut: true, width: 2 * size, height: 2 * size)
        }
        return item.cropped(x: x, y: y, width: edge, height: edge)
    }
}

extension Image {
    /// Resized so that the shorter edge has `edge` pixels, whether it had more or fewer.
    package func presized(_ edge: Int) -> Image {
        guard min(width, height) != edge else { return self }
        let size = Self.presizedSize(width: width, height: height, edge: edge)
        return resized(width: size.width, height: size.height)
    }

    /// The sides that `presized` gives a picture.
    static func presizedSize(width: Int, height: Int, edge: Int) -> (width: Int, height: Int) {
        let shorter = Double(min(width, height))
        func scaled(_ side: Int) -> Int { max(edge, Int((Double(side) * Double(edge) / shorter).rounded())) }
        return (scaled(width), scaled(height))
    }
}
