import Foundation

/// fastai's training loss: an exponential average with beta 0.98, debiased.
struct SmoothedLoss: Codable, Sendable, Equatable {
    private var average = 0.0
    private var count = 0

    mutating func add(_ loss: Double) {
        average = 0.98 * average + 0.02 * loss
        count += 1
    }

    var value: Double { count == 0 ? .nan : average / (1 - pow(0.98, Double(count))) }
}
