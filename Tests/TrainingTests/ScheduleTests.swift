import Foundation
import Testing
import Training

@Suite struct ScheduleTests {
    @Test func fineTuneHasFastaisPhasesAndSlices() {
        let fits = Fit.fineTune(epochs: 3, freezeEpochs: 4, rate: 3e-3)
        #expect(fits.map(\.epochs) == [4, 3] && fits.map(\.isFrozen) == [true, false])
        // 3e-3 becomes 1.5e-5, 1.5e-4, 1.5e-3.
        for (ours, theirs) in zip(fits[1].rates, [1.5e-5, 1.5e-4, 1.5e-3]) { #expect(abs(ours - theirs) < 1e-12) }
        for (ours, theirs) in zip(fits[0].rates, [3e-4, 3e-4, 3e-3]) { #expect(abs(ours - theirs) < 1e-12) }
        #expect(fits[0].pctStart == 0.99 && fits[0].div == 25 && fits[1].pctStart == 0.3 && fits[1].div == 5)
        #expect(Fit.fineTune(epochs: 0, freezeEpochs: 0, rate: 1).isEmpty)
    }

    @Test func oneCycleRisesAndFallsAsACosine() {
        let fit = Fit.oneCycle(epochs: 5, rate: 1)[0]
        #expect(abs(fit.rate(group: 2, at: 0) - 1.0 / 25) < 1e-12)
        #expect(abs(fit.rate(group: 2, at: 0.25) - 1) < 1e-12)
        #expect(abs(fit.rate(group: 2, at: 1) - 1e-5) < 1e-12)
        // Half way up: the mean of both ends.
        #expect(abs(fit.rate(group: 0, at: 0.125) - (1 + 1.0 / 25) / 2) < 1e-12)
        #expect(abs(fit.momentum(at: 0) - 0.95) < 1e-12 && abs(fit.momentum(at: 0.25) - 0.85) < 1e-12)
        #expect(abs(fit.momentum(at: 1) - 0.95) < 1e-12)
    }

    private func fits(_ name: String) -> [Fit] {
        switch name {
        case "one-cycle": Fit.oneCycle(epochs: 3, rate: 1e-3)
        case "one-cycle slice": Fit.all(epochs: 3, rates: Fit.slice(1e-5, 1e-3))
        case "one-cycle last": Fit.all(epochs: 2, rates: Fit.slice(1e-3))
        case "fine-tune": Fit.fineTune(epochs: 3, freezeEpochs: 2, rate: 3e-3)
        case "flat-cosine": Fit.all(epochs: 4, rates: Fit.slice(1e-4, 2e-3), curve: .flatCosine)
        default: Fit.all(epochs: 2, rates: [1e-3, 1e-3, 1e-3], curve: .flat)
        }
    }

    /// Every rate of every group, and the momentum, before each batch, as fastai's recorder had them. Within 1e-7: fastai
    /// keeps the place in a fit in single precision.
    @Test func everyStepIsFastais() throws {
        let schedules = try FastaiFixture.read().schedules
        #expect(schedules.count == 6)
        for schedule in schedules {
            var step = 0
            for fit in fits(schedule.name) {
                for batch in 0..<fit.epochs * schedule.batches {
                    let place = Double(batch) / Double(fit.epochs * schedule.batches)
                    for group in 0..<3 {
                        let difference = fit.rate(group: group, at: place) - schedule.rates[step][group]
                        #expect(abs(difference) < 1e-7, "\(schedule.name) step \(step) group \(group)")
                    }
                    #expect(abs(fit.momentum(at: place) - schedule.momenta[step]) < 1e-7, "\(schedule.name) \(step)")
                    step += 1
                }
            }
            #expect(step == schedule.rates.count)
        }
    }
}
