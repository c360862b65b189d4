import Foundation
import Testing
import Training

@Suite struct LearningRateSuggestionsTests {
    private func rates(_ count: Int) -> [Double] { (0..<count).map { 1e-7 * pow(10 / 1e-7, Double($0) / 100) } }

    /// Of the same losses, fastai's own four functions give the same numbers.
    @Test func equalFastais() throws {
        let finders = try FastaiFixture.read().finders
        #expect(finders.count == 7 && Set(finders.map(\.losses.count)) == [34, 61, 93, 100])
        for finder in finders {
            let found = LearningRateSuggestions(
                rates: rates(finder.losses.count), losses: finder.losses, steps: 100)
            #expect(found.lrMin == finder.minimum)
            #expect(found.lrSteep == finder.steep)
            #expect(found.valley == finder.valley)
            #expect(found.slide == finder.slide)
        }
    }

    /// fastai goes on after a loss that is no number, and cuts its curve there.
    @Test func aLossThatIsNoNumberEndsTheCurve() throws {
        let losses = try FastaiFixture.read().finders[0].losses
        let cut = LearningRateSuggestions(
            rates: rates(81), losses: Array(losses.prefix(80)) + [.nan], steps: 100)
        let whole = LearningRateSuggestions(rates: rates(85), losses: Array(losses.prefix(85)), steps: 100)
        #expect(cut == whole && cut.valley != nil)
    }

    @Test func shortCurvesSuggestNothing() {
        for count in [0, 1, 5, 10, 15] {
            let found = LearningRateSuggestions(
                rates: rates(count), losses: (0..<count).map { 1 - Double($0) / 100 }, steps: 100)
            #expect(found.lrMin == nil && found.lrSteep == nil && found.valley == nil && found.slide == nil)
        }
        let few = LearningRateSuggestions(
            rates: rates(18), losses: (0..<18).map { 1 - Double($0) / 100 }, steps: 100)
        #expect(few.lrMin != nil && few.valley != nil && few.slide == nil)
    }
}
