/// One epoch of a run, for the history chart.
public struct HistoryRow: Sendable, Equatable {
    public var trainLoss: Double
    public var validLoss: Double
    public var accuracyMulti: Double

    public init(trainLoss: Double, validLoss: Double, accuracyMulti: Double) {
        self.trainLoss = trainLoss
        self.validLoss = validLoss
        self.accuracyMulti = accuracyMulti
    }
}
