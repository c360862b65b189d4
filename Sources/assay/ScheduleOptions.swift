import ArgumentParser
import Training

/// How long and how fast to train.
struct ScheduleOptions: ParsableArguments {
    @Option(help: "Epochs, after the frozen ones (default: 3; with --resume: those to add).")
    var epochs: Int?
    @Option(help: "Epochs with a frozen body, for fine-tune (default: 1).")
    var freezeEpochs: Int?
    @Option(
        help: """
            auto, fine-tune, one-cycle, flat-cosine or flat; auto is fine-tune where the body is pretrained and --lr one \
            rate, else one-cycle (default: auto).
            """)
    var schedule: String?
    @Option(
        help: ArgumentHelp(
            "The learning rate, or fastai's slices: A:B from the first layers to the head, slice(B) a tenth for the body (default: 3e-3).",
            valueName: "rate"))
    var lr: String?

    func validate() throws {
        for (name, value) in [("--epochs", epochs), ("--freeze-epochs", freezeEpochs)] {
            if let value, !Fit.epochRange.contains(value) {
                throw ValidationError("\(name): expected 0 to \(Fit.epochRange.upperBound), got \(value).")
            }
        }
        if let lr, LearningRates(lr) == nil {
            throw ValidationError("--lr: expected a number above 0, A:B or slice(B), got '\(lr)'.")
        }
        guard let schedule, schedule != "auto" else {
            if freezeEpochs ?? 0 > 0, let lr, LearningRates(lr)?.isOne == false {
                throw ValidationError("--freeze-epochs means nothing with slices of --lr, got '\(lr)'.")
            }
            return
        }
        guard schedule == "fine-tune" || Fit.Curve(rawValue: schedule) != nil else {
            throw ValidationError(
                "--schedule: expected auto, fine-tune, one-cycle, flat-cosine or flat, got '\(schedule)'.")
        }
        if schedule != "fine-tune", freezeEpochs != nil {
            throw ValidationError("--freeze-epochs means nothing with --schedule \(schedule).")
        }
        if schedule == "fine-tune", let lr, LearningRates(lr)?.isOne == false {
            throw ValidationError("--lr: fine-tune makes its own slices of one rate, got '\(lr)'.")
        }
    }

    /// Epochs that were to be frozen, where nothing freezes a body.
    func remark(on fits: [Fit]) -> String? {
        guard let freezeEpochs, freezeEpochs > 0, !fits.contains(where: \.isFrozen) else { return nil }
        return "--freeze-epochs has no effect: a body that was not pretrained is frozen by --schedule fine-tune alone"
    }

    func fits(isPretrained: Bool) -> [Fit] {
        let rates = lr.flatMap(LearningRates.init) ?? .one(3e-3)
        let curve = schedule.flatMap(Fit.Curve.init)
        if case .one(let rate) = rates, schedule == "fine-tune" || (curve == nil && isPretrained) {
            return Fit.fineTune(epochs: epochs ?? 3, freezeEpochs: freezeEpochs ?? 1, rate: rate)
        }
        return Fit.all(epochs: epochs ?? 3, rates: rates.groups, curve: curve ?? .oneCycle)
    }
}
