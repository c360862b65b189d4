/// Intervals of changes: images drawn with replacement, both models judged on the same draw.
struct PairedBootstrap {
    private let images: [PairedImages]
    private let labelCount: Int
    /// Each image's wrong decisions of a and b, whole images right, and losses.
    private let wrong: [(a: Double, b: Double)]
    private let exact: [(a: Double, b: Double)]
    private let loss: [(a: Double, b: Double)]

    var imageCount: Int { images.count }

    init(_ images: [PairedImages], labelCount: Int) {
        // By name, so that the order of a file changes nothing.
        let images = images.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        self.images = images
        self.labelCount = labelCount
        wrong = images.map { image in
            let target = image.target ?? []
            return (
                Double(target.symmetricDifference(image.a).count), Double(target.symmetricDifference(image.b).count)
            )
        }
        exact = images.map { ($0.isRight(\.a) ? 1 : 0, $0.isRight(\.b) ? 1 : 0) }
        loss = images.map { ($0.lossA ?? .nan, $0.lossB ?? .nan) }
    }

    func changes(resamples: Int, seed: UInt64) -> [ModelComparison.Change] {
        let names = ["accuracy_multi", "exact_match", "macro_f1", "loss"]
        let whole = figures(Array(repeating: 1, count: images.count))
        var samples = [[Double]](repeating: [], count: names.count)
        var random = SeededGenerator(seed: seed, 9)
        for _ in 0..<resamples {
            for (index, figure) in figures(draw(&random)).enumerated() {
                if let a = figure.a, let b = figure.b { samples[index].append(b - a) }
            }
        }
        return names.indices.map { index in
            let (a, b) = whole[index]
            let sorted = samples[index].sorted()
            var change = ModelComparison.Change(name: names[index], a: a, b: b, change: nil, low: nil, high: nil)
            guard let a, let b else { return change }
            change.change = b - a
            // Of too few images, or where every draw is the same, draws say nothing of other images.
            guard FigureIntervals.unknown(b - a, sorted, resamples, images: images.count) == nil else { return change }
            change.low = sorted[Int(0.025 * Double(sorted.count - 1))]
            change.high = sorted[Int((0.975 * Double(sorted.count - 1)).rounded(.up))]
            return change
        }
    }

    /// How often each image is drawn.
    func draw(_ random: inout SeededGenerator) -> [Int] {
        var weights = [Int](repeating: 0, count: images.count)
        for _ in images { weights[random.integer(below: images.count)] += 1 }
        return weights
    }

    /// accuracy_multi, exact match, macro F1 and loss of both, with each image counted `weights` times.
    func figures(_ weights: [Int]) -> [(a: Double?, b: Double?)] {
        let count = Double(images.count)
        func mean(_ values: [(a: Double, b: Double)]) -> (a: Double, b: Double) {
            var sum = (a: 0.0, b: 0.0)
            for (value, weight) in zip(values, weights) where weight > 0 {
                sum.a += value.a * Double(weight)
                sum.b += value.b * Double(weight)
            }
            return (sum.a / count, sum.b / count)
        }
        func defined(_ pair: (a: Double, b: Double)) -> (a: Double?, b: Double?) {
            (pair.a.isFinite ? pair.a : nil, pair.b.isFinite ? pair.b : nil)
        }
        let errors = mean(wrong)
        let decisions = Double(labelCount)
        return [
            (1 - errors.a / decisions, 1 - errors.b / decisions), defined(mean(exact)),
            (macroF1(\.a, weights), macroF1(\.b, weights)), defined(mean(loss)),
        ]
    }

    private func macroF1(_ side: KeyPath<PairedImages, Set<Int>>, _ weights: [Int]) -> Double? {
        var counts = [Counts](repeating: Counts(), count: labelCount)
        for (image, weight) in zip(images, weights) where weight > 0 {
            let (target, said) = (image.target ?? [], image[keyPath: side])
            for label in said {
                if target.contains(label) { counts[label].tp += weight } else { counts[label].fp += weight }
            }
            for label in target where !said.contains(label) { counts[label].fn += weight }
        }
        return AveragedFigures.mean(counts.map { ($0.figures, 1) }).f1
    }
}
