import Evaluation
import Testing

@Suite struct DuplicateImagesTests {
    private func print(_ name: String, _ digest: String, hash: UInt64, _ thumbnail: [Float]) -> ImageFingerprint {
        ImageFingerprint(name: name, digest: digest, hash: hash, thumbnail: thumbnail)
    }

    private let table = LabelTable(rows: [
        .init(name: "a", labels: ["x"], isValid: false), .init(name: "b", labels: ["x"], isValid: true),
        .init(name: "c", labels: ["y"], isValid: false), .init(name: "d", labels: ["x"], isValid: false),
    ])

    @Test func exactOnesShareADigestAndNearOnesHashAndThumbnail() {
        let found = DuplicateImages.find(
            [
                print("a", "1", hash: 0, [0, 100, 200]), print("b", "1", hash: 0, [0, 100, 200]),
                print("c", "2", hash: 0b11_1111_1111, [1, 101, 202]), print("d", "3", hash: 0, [200, 100, 0]),
            ], table)
        #expect(found.map(\.kind) == [.exact, .near])
        #expect(found.map(\.first) == ["a", "a"] && found.map(\.second) == ["b", "c"])
        #expect(found.map(\.crossesSplit) == [true, false])
        #expect(found.map(\.labelsDiffer) == [false, true])
    }

    @Test func anElevenBitDistanceOrAnEvenPictureIsNoPair() {
        #expect(
            DuplicateImages.find(
                [
                    print("a", "1", hash: 0, [0, 100, 200]), print("b", "2", hash: 0b111_1111_1111, [0, 100, 200]),
                    print("c", "3", hash: 0, [128, 128, 129]), print("d", "4", hash: 0, [128, 128, 129]),
                ], table
            ).isEmpty)
    }
}
