import Evaluation
import Foundation
import Raster
import Testing
import Training

@Suite struct RandomResizedCropTests {
    @Test func areasRatiosAndFlipsAreFastais() {
        let crop = RandomResizedCrop(size: 8, minScale: 0.35)
        var random = SeededGenerator(seed: 3)
        var (ratios, areas): ([Double], [Double]) = ([], [])
        for _ in 0..<4000 {
            let box = crop.box(width: 400, height: 400, &random)
            #expect(box.x >= 0 && box.x + box.width <= 400 && box.y >= 0 && box.y + box.height <= 400)
            ratios.append(log(box.width / box.height))
            areas.append(box.width * box.height / 160_000)
        }
        #expect((areas.min() ?? 0) > 0.345 && (areas.max() ?? 2) <= 1)
        #expect((ratios.min() ?? -1) > log(0.745) && (ratios.max() ?? 1) < log(1.345))
        #expect(abs(ratios.reduce(0, +) / 4000) < 0.02)
        // Below 3/4 no ratio is rejected for want of room: there the area is uniform.
        let small = areas.filter { $0 < 0.7 }
        #expect(abs(small.reduce(0, +) / Double(small.count) - 0.525) < 0.01)
        // Too wide for any ratio: the largest centre of ratio 4/3.
        let wide = crop.box(width: 1000, height: 10, &random)
        #expect(wide == Box(x: 493, y: 0, width: 13, height: 10))
        // However small a part may be, an edge is a number.
        #expect(RandomResizedCrop(size: 4096, minScale: .leastNonzeroMagnitude).leastEdge == 1 << 30)
        #expect(RandomResizedCrop(size: 128, minScale: 1).leastEdge == 148)
    }
}
