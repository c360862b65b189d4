import ArgumentParser
import Evaluation
import Neural
import Training

/// How a training goes beyond its schedule. Each is nil unless it was given.
struct RecipeOptions: ParsableArguments {
    @Option(help: "bce, focal (gamma 2, alpha 0.25) or asymmetric (gammas 1 and 4, clip 0.05) (default: bce).")
    var loss: String?
    @Option(
        help: ArgumentHelp(
            "Weight of positives in bce: a number, one a label in the labels' order, or auto: negatives over positives.",
            valueName: "w"))
    var posWeight: String?
    @Option(help: ArgumentHelp("Targets become t (1 - s) + s / 2 (default: 0).", valueName: "s"))
    var labelSmoothing: String?
    @Option(help: ArgumentHelp("Decoupled, never on norms and biases (default: 0.01).", valueName: "wd"))
    var weightDecay: String?
    @Option(
        help: ArgumentHelp("Before the fastai head's last layer; half of it before (default: 0.5).", valueName: "p"))
    var dropout: String?
    @Option(help: ArgumentHelp("The largest Euclidean norm of a step's gradient (default: any).", valueName: "norm"))
    var clipNorm: String?
    @Option(help: ArgumentHelp("Batches whose mean gradient makes a step (default: 1).", valueName: "n"))
    var accumulate: Int?
    @Option(
        help: ArgumentHelp(
            "Keep an exponential moving average of the weights with this decay, for example 0.999; it is what answers. After t steps the decay is at most (1 + t) / (10 + t).",
            valueName: "decay"))
    var ema: String?
    @Option(help: ArgumentHelp("Mix pairs of images by Beta(alpha, alpha), for example 0.4.", valueName: "alpha"))
    var mixup: String?
    @Option(help: ArgumentHelp("End a fit after n epochs without a lower valid_loss.", valueName: "n"))
    var patience: Int?
    @Flag(inversion: .prefixedNo, help: "End a fit with the weights of its epoch of lowest valid_loss (default: no).")
    var keepBest: Bool?

    /// The names of those that were given.
    var given: [String] {
        let texts = [
            ("--loss", loss), ("--pos-weight", posWeight), ("--label-smoothing", labelSmoothing),
            ("--weight-decay", weightDecay), ("--dropout", dropout), ("--clip-norm", clipNorm),
            ("--accumulate", accumulate.map(String.init)), ("--ema", ema), ("--mixup", mixup),
            ("--patience", patience.map(String.init)), ("--keep-best", keepBest.map { "\($0)" }),
        ]
        return texts.filter { $0.1 != nil }.map(\.0)
    }

    /// Those given ones that change what an epoch ends with, and no step's loss.
    var withoutEffectOnSteps: [String] {
        let own = [("--ema", ema != nil), ("--patience", patience != nil), ("--keep-best", keepBest == true)]
        return own.filter(\.1).map(\.0)
    }

    func validate() throws {
        _ = try recipe()
        if let posWeight, posWeight != "auto" { _ = try weights(posWeight) }
    }

    /// - Throws: `ValidationError` for what the network has no place for.
    func validate(with options: TrainOptions) throws {
        if dropout != nil, options.head == ResNet.Head.linear.rawValue {
            throw ValidationError("--dropout means nothing with --head linear.")
        }
    }

    /// Everything but the weights of positives, which depend on the data.
    func recipe() throws -> Recipe {
        var recipe = Recipe()
        if let loss {
            guard let kind = MultiLabelLoss.Kind(rawValue: loss) else {
                throw ValidationError("--loss: expected bce, focal or asymmetric, got '\(loss)'.")
            }
            recipe.loss = MultiLabelLoss(kind)
        }
        if posWeight != nil, recipe.loss.kind != .bce {
            throw ValidationError("--pos-weight means nothing with --loss \(recipe.loss.kind.rawValue).")
        }
        typealias Number = NumberOption
        recipe.loss.smoothing =
            try Number.parse(labelSmoothing, "--label-smoothing", expected: "0 up to, not including, 1") {
                $0 >= 0 && $0 < 1
            } ?? 0
        recipe.weightDecay =
            try Number.parse(weightDecay, "--weight-decay", expected: "0 or more") { $0 >= 0 } ?? recipe.weightDecay
        recipe.dropout =
            try Number.parse(dropout, "--dropout", expected: "0 up to, not including, 1") { $0 >= 0 && $0 < 1 }
            ?? recipe.dropout
        recipe.clipNorm = try Number.parse(clipNorm, "--clip-norm", expected: "a number above 0") { $0 > 0 }
        recipe.averageDecay = try Self.averageDecay(ema)
        recipe.mixup = try Number.parse(mixup, "--mixup", expected: "a number above 0") { $0 > 0 }
        try Self.check("--accumulate", accumulate)
        try Self.check("--patience", patience)
        recipe.accumulation = accumulate ?? 1
        recipe.patience = patience
        recipe.keepsBest = keepBest ?? false
        return recipe
    }

    static func averageDecay(_ ema: String?) throws -> Double? {
        try NumberOption.parse(ema, "--ema", expected: "a decay between 0 and 1") { $0 > 0 && $0 < 1 }
    }

    static func check(_ name: String, _ count: Int?) throws {
        if let count, count < 1 { throw ValidationError("\(name): expected 1 or more, got \(count).") }
    }

    /// The weight of each label's positives.
    /// - Throws: `InputError` unless there is one for all or one a label.
    func positiveWeights(_ data: Dataset) throws -> [Double]? {
        guard let posWeight else { return nil }
        if posWeight == "auto" { return data.balancingWeights }
        let weights = try weights(posWeight)
        guard weights.count == 1 || weights.count == data.vocab.count else {
            throw InputError(
                "--pos-weight does not fit the labels", expected: "1 or \(data.vocab.count) numbers",
                got: "\(weights.count)")
        }
        return weights.count == 1 ? Array(repeating: weights[0], count: data.vocab.count) : weights
    }

    private func weights(_ text: String) throws -> [Double] {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let values = parts.compactMap { StrictNumber.parse(String($0.drop { $0 == " " })) }.filter { $0 > 0 }
        guard values.count == parts.count else {
            throw ValidationError("--pos-weight: expected auto or numbers above 0, got '\(text)'.")
        }
        return values
    }
}
