import Evaluation
import Foundation
import Raster
import Testing
import Training

@Suite struct RandomViewTests {
    private static let count = 20_000

    /// Two samples of 20000: a share of 0.1 differs by 0.003 in one case of three, by 0.015 never.
    private func check(_ name: String, _ fixture: TransformFixture, _ values: [Double]) throws {
        let distance = try #require(fixture.histograms[name]).distance(values)
        #expect(distance < 0.015, "\(name): \(distance)")
    }

    @Test func theDrawsAreDistributedAsFastais() throws {
        let fixture = try TransformFixture.read()
        var random = SeededGenerator(seed: 11)
        let view = RandomView(augmentation: Augmentation(.fastai, itemSize: 720), minScale: 0.75)
        let draws = (0..<Self.count).map { _ in view.draw(edge: 720, &random) }
        try check("angle", fixture, draws.map { $0.angle * 180 / .pi })
        try check("zoom", fixture, draws.map(\.zoom))
        try check("warp", fixture, draws.map { $0.warp.x })
        try check("warp", fixture, draws.map { $0.warp.y })
        try check("square_area", fixture, draws.map { $0.crop.width * $0.crop.height / (720 * 720) })
        #expect(abs(Double(draws.count(where: \.flips)) / Double(Self.count) - 0.5) < 0.015)
        #expect(draws.allSatisfy { $0.crop.x + $0.crop.width <= 720 && $0.crop.y + $0.crop.height <= 720 })
    }

    @Test func cropsAreDistributedAsFastais() throws {
        let fixture = try TransformFixture.read()
        var random = SeededGenerator(seed: 12)
        let crop = RandomResizedCrop(size: 224, minScale: 0.35)
        let boxes = (0..<Self.count).map { _ in crop.box(width: 1280, height: 960, &random) }
        try check("area", fixture, boxes.map { $0.width * $0.height / (1280 * 960) })
        try check("log_ratio", fixture, boxes.map { log($0.width / $0.height) })
    }

    /// Flip, warp, rotation and zoom in one interpolation, against fastai in float32.
    @Test func aViewIsFastais() throws {
        let fixture = try TransformFixture.read()
        let image = Image(width: 40, height: 40, pixels: fixture.pixels)
        for view in fixture.views {
            var draw = RandomView.Draw(crop: Box(x: 0, y: 0, width: 40, height: 40))
            draw.flips = view.flips
            draw.angle = view.degrees * .pi / 180
            draw.zoom = view.zoom
            draw.center = (view.across, view.down)
            draw.warp = (view.x, view.y)
            let seen = sampled(image, RandomView.map(draw, edge: 40, size: 24), 24)
            let worst = zip(seen, view.seen).map { abs($0 - $1) }.max() ?? 1
            #expect(seen.count == view.seen.count && worst < 2e-4, "\(draw): \(worst)")
        }
    }

    /// The crop reads what a crop made beforehand would.
    @Test func aCropIsPartOfTheSameInterpolation() {
        let image = Image(width: 30, height: 30, pixels: (0..<2700).map { UInt8($0 * 7 % 256) })
        let draw = RandomView.Draw(crop: Box(x: 4, y: 9, width: 20, height: 20))
        let whole = RandomView.Draw(crop: Box(x: 0, y: 0, width: 20, height: 20))
        let first = sampled(image, RandomView.map(draw, edge: 30, size: 13), 13)
        let second = sampled(
            image.cropped(x: 4, y: 9, width: 20, height: 20), RandomView.map(whole, edge: 20, size: 13), 13)
        #expect((zip(first, second).map { abs($0 - $1) }.max() ?? 1) < 1e-5)
    }

    /// Against the definition: mirrored again and again at the outermost pixels' centres.
    @Test func bordersAreMirrored() {
        let image = Image(width: 3, height: 1, pixels: [0, 0, 0, 100, 100, 100, 200, 200, 200])
        let map = Homography.axes(scaleX: 1, shiftX: -3, scaleY: 1, shiftY: 0)
        let row = stride(from: 0, to: 27, by: 3).map { sampled(image, map, 9)[$0] * 255 }
        #expect(row.map { Int($0.rounded()) } == [100, 200, 100, 0, 100, 200, 100, 0, 100])
    }

    private func sampled(_ image: Image, _ map: Homography, _ edge: Int) -> [Float] {
        var result = [Float](repeating: -1, count: edge * edge * 3)
        result.withUnsafeMutableBufferPointer { buffer in
            if let base = buffer.baseAddress { image.sample(map, edge: edge, into: base) }
        }
        return result
    }
}
