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
}
