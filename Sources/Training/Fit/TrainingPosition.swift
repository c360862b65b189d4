import Foundation

/// How far a training has come: everything but the numbers in its tensors.
public struct TrainingPosition: Codable, Sendable, Equatable {
    /// Epochs of each fit that has ended; fewer than planned where patience ended it.
    public var done: [Int] = []
    /// Epochs done in the fit under way.
    public var epoch = 0
    /// Batches done in that epoch.
    public var batch = 0
    /// Steps of the optimiser over all fits: with the epochs, the stream of dropout, order and augmentation.
    public var steps = 0
    /// Training loss of the fit under way.
    var smoothed = SmoothedLoss()
    /// Its epoch of lowest validation loss.
    var best: Best?

    package init() {}

    struct Best: Codable, Sendable, Equatable {
        var epoch: Int
        var loss: Double
    }

    /// Index of the fit under way; the number of fits when all are done.
    public var fit: Int { done.count }
    /// Over all fits.
    public var epochs: Int { done.reduce(epoch, +) }

    /// After an epoch's validation. Returns whether it was the best of its fit so far.
    mutating func finishEpoch(loss: Double) -> Bool {
        defer { (epoch, batch) = (epoch + 1, 0) }
        guard loss.isFinite, best.map({ loss < $0.loss }) ?? true else { return false }
        best = Best(epoch: epoch, loss: loss)
        return true
    }

    /// Whether the fit under way has come to its end.
    func isEnd(of fit: Fit, patience: Int?) -> Bool {
        if epoch >= fit.epochs { return true }
        guard let patience, let best else { return false }
        return epoch - 1 - best.epoch >= patience
    }

    mutating func finishFit() {
        done.append(epoch)
        (epoch, batch, smoothed, best) = (0, 0, SmoothedLoss(), nil)
    }

    /// Whether these counts can be of a training with these fits.
    package func fits(_ fits: [Fit]) -> Bool {
        guard done.count <= fits.count, zip(done, fits).allSatisfy({ (1...max(1, $1.epochs)).contains($0) }),
            epoch >= 0, [batch, steps].allSatisfy({ (0...1 << 48).contains($0) })
        else { return false }
        return epoch == 0 && batch == 0 || (fit < fits.count && epoch < fits[fit].epochs)
    }
}
