import Evaluation
import Foundation
import Testing

@Suite struct EvaluationPartTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("parts-\(UUID())").path

    /// Images with hostile names; one target is unknown.
    private func input(_ count: Int = 103, isFloat: Bool = false, hasDigests: Bool = true) throws -> EvaluationInput {
        var random = SeededGenerator(seed: 8)
        let names = (0..<count).map { $0 == 3 ? "a,\"b\"\nc" : "\($0).jpg" }
        let labels = ["x", "y;z", "fname"]
        var scores = try ScoreTable(
            Scores(names: names, labels: labels, values: (0..<3 * count).map { _ in Double(Float(random.uniform())) }))
        if isFloat {
            let floats = labels.indices.map { label in (0..<count).map { Float(scores.columns[label, $0]) } }
            scores = ScoreTable(names: scores.names, labels: labels, columns: .float(floats))
        }
        let targets = (0..<count).map { row in row == 50 ? nil : (0..<3).filter { (row >> $0) & 1 == 1 } }
        var leftOut = LeftOut()
        leftOut.extraImages = 2
        return EvaluationInput(
            title: "t", model: ModelIdentity(name: "m", digests: ["w": "00"]), scores: scores,
            truth: TruthTable(try Truth(names: names, labels: labels, targets: targets)), thresholds: [0.5, 0.25, 1],
            decoding: [0.5, 0.5, 0.5], pixelDigests: hasDigests ? names.map { "d\($0)" } : nil, leftOut: leftOut)
    }

    private func parts(
        _ input: EvaluationInput, _ count: Int, settings: [String: String] = ["a": "1"], name: String = "p"
    ) throws -> [(place: String, part: EvaluationPart)] {
        let total = input.truth.names.count
        return try (1...count).map { number in
            let shard = try Shard(number: number, count: count)
            let place = "\(folder)/\(name)\(number)"
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
            try EvaluationPart(input.rows(shard.rows(of: total)), shard: shard, of: total, settings: settings)
                .write(to: place)
            return (place, try EvaluationPart(folder: place))
        }
    }

    @Test(arguments: [1, 2, 7, 103], [false, true]) func partsInAnyOrderAreTheWhole(_ count: Int, _ isFloat: Bool)
        throws
    {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for hasDigests in [true, false] {
            let whole = try input(isFloat: isFloat, hasDigests: hasDigests)
            let merged = try EvaluationInput.merging(try parts(whole, count).reversed())
            #expect(merged == whole)
            #expect(try RecordFile.json(merged.measure(threads: 1)) == RecordFile.json(whole.measure(threads: 2)))
        }
    }

    /// Each worker may have had its copy of the predictions under a name of its own.
    @Test func partsOfOneFileUnderTwoNamesAreOneEvaluation() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        func parts(_ digest: String) throws -> [(place: String, part: EvaluationPart)] {
            try ["a.csv", "b.csv"].enumerated().map { index, title in
                var input = try input()
                input.title = title
                let name = "\(digest)-\(index)-"
                let settings = [EvaluationPart.predictionsFile: index == 0 ? "d" : digest]
                return try self.parts(input, 2, settings: settings, name: name)[index]
            }
        }
        let same = try parts("d")
        #expect(try EvaluationInput.merging(same).title == "a.csv")
        #expect(try EvaluationInput.merging(same) == EvaluationInput.merging(same.reversed()))
        let others = try parts("e")
        #expect(throws: InputError.self) { try EvaluationInput.merging(others) }
    }

    @Test func rowsOfShardsCoverEveryImageOnce() throws {
        for (images, count) in [(10, 3), (7, 7), (1_000_003, 64)] {
            let rows = try (1...count).map { try Shard(number: $0, count: count).rows(of: images) }
            #expect(rows.first?.lowerBound == 0 && rows.last?.upperBound == images)
            #expect(zip(rows, rows.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
            #expect(rows.allSatisfy { abs($0.count - images / count) <= 1 })
        }
        #expect(throws: InputError.self) { try Shard(number: 1, count: 3).rows(of: 2) }
        let last = try Shard(number: Shard.most, count: Shard.most).rows(of: Int.max)
        #expect(last.upperBound == Int.max && last.count == Int.max / Shard.most + 1)
    }

    @Test(arguments: [
        "0/3", "4/3", "1", "1/0", "-1/2", "+1/2", "1/2/3", "a/b", "", "/", " 1/2", "1/99999999999999999999",
    ])
    func whatIsNoShardIsRefused(_ text: String) {
        #expect(throws: InputError.self) { try Shard(parsing: text) }
    }

    private func refused(_ parts: [(place: String, part: EvaluationPart)], _ words: String...) {
        let error = #expect(throws: InputError.self) { try EvaluationInput.merging(parts) }
        for word in words { #expect(error?.description.contains(word) == true, "\(error?.description ?? "")") }
    }

    @Test func missingRepeatedAndDifferentPartsAreRefused() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let whole = try input()
        let three = try parts(whole, 3)
        refused([], "nothing")
        refused([three[0], three[2]], "parts are missing", "without '2'")
        refused(three + [three[1]], "comes twice", "p2")
        refused([three[0], try parts(whole, 2, name: "q")[1], three[2]], "number of parts", "expected", "q2")
        refused(
            [three[0], three[1], try parts(whole, 3, settings: ["a": "2"], name: "r")[2]], "the same a, 1", "got 2")
        var other = whole
        other.thresholds = [0.5, 0.5, 1]
        refused([three[0], three[1], try parts(other, 3, name: "s")[2]], "thresholds")
        other = whole
        other.model = ModelIdentity(name: "m", digests: ["w": "01"])
        refused([three[0], try parts(other, 3, name: "u")[1], three[2]], "model", "w 00", "w 01")
        refused([three[0], three[1], try parts(try input(104), 3, name: "v")[2]], "number of images", "103", "104")
    }

    @Test func damagedPartsAreRefused() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        _ = try parts(try input(), 2)
        let place = folder + "/p1"
        #expect(throws: InputError.self) { try EvaluationPart(folder: folder) }
        func expectRefused(_ file: String, _ change: ([UInt8]) -> [UInt8], _ line: SourceLocation = #_sourceLocation)
            throws
        {
            let bytes = try FileBytes.read("\(place)/\(file)")
            try FileBytes.write(change(bytes), to: "\(place)/\(file)")
            #expect(throws: InputError.self, sourceLocation: line) { try EvaluationPart(folder: place) }
            try FileBytes.write(bytes, to: "\(place)/\(file)")
        }
        func replacing(_ old: String, _ new: String) -> ([UInt8]) -> [UInt8] {
            { Array(String(decoding: $0, as: UTF8.self).replacingOccurrences(of: old, with: new).utf8) }
        }
        try expectRefused("part.json", replacing("\"first\" : 0", "\"first\" : 1"))
        try expectRefused("part.json", replacing("\"count\" : 51", "\"count\" : -1"))
        try expectRefused("part.json", replacing("\"shards\" : 2", "\"shards\" : 0"))
        try expectRefused("part.json", replacing("\"version\" : 1", "\"version\" : 2"))
        try expectRefused("images.csv", replacing("0 1", "0 9"))
        try expectRefused("images.csv", replacing("2.jpg", "1.jpg"))
        try expectRefused("scores.npy") { Array($0.dropLast(8)) }
        for value in [Double.nan, .infinity, -0.25, 1.25] {
            try expectRefused("scores.npy") { bytes in
                bytes.dropLast(8) + withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
            }
        }
        try expectRefused("part.json", replacing("0.25,", "7.25,"))
        try expectRefused("part.json", replacing("\"decoding\" : [\n    0.5", "\"decoding\" : [\n    1.5"))
        try expectRefused("part.json", replacing("\"has_pixel", "\"trained_on\" : -1, \"has_pixel"))
        try expectRefused("part.json", replacing("\"fname\"", "\"x\""))
        try expectRefused("part.json", replacing("\"first\" : 0", "\"first\" : \(Int.max)"))
        try expectRefused("part.json", replacing("\"total\" : 103", "\"total\" : \(Int.max)"))
        try expectRefused("part.json") { bytes in
            replacing("\"total\" : 103", "\"total\" : 9000000000000000000")(
                replacing("\"shards\" : 2", "\"shards\" : 100000")(bytes))
        }
        #expect(try EvaluationPart(folder: place).input.truth.names.count == 51)
    }
}
