import DemoData
import Evaluation
import Foundation
import Raster
import Synchronization
import Testing

@Suite struct DemoSetTests {
    private static let demo = DemoSet()
    private let demo = Self.demo

    private func picture(_ name: String) throws -> Image {
        let index = try #require(demo.rows.firstIndex { $0.name == name })
        return try Image(decoding: demo.bytes(of: index), named: name)
    }

    /// In levels of 255; 256 where the sizes differ.
    private func distance(_ a: Image, _ b: Image) -> Double {
        guard a.width == b.width, a.height == b.height else { return 256 }
        return Double(zip(a.pixels, b.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }) / Double(a.pixels.count)
    }

    @Test func itIsAsLargeAsTheNotebooksAndSplitAsFastaiSplits() {
        #expect(demo.rows.count == 1016)
        #expect(demo.rows.count { $0.isValid } == 203)
        #expect(Set(demo.rows.map(\.name)).count == 1016)
        #expect(
            LabelTable(rows: demo.rows.map { .init(name: $0.name, labels: $0.labels) }).vocabulary
                == ["-", "Cloth", "Gas", "KN95", "Medical", "No_mask!", "Shield", "Surgical"])
        let empty = demo.rows.reduce(0) { $0 + $1.labels.count }
        // Predicting nothing scores about 0.87.
        #expect(abs(1 - Double(empty) / 8128 - 0.87) < 0.01)
    }

    @Test func wrongLabelsArePlantedAsListed() throws {
        let wrong = demo.faults.filter { $0.kind == "wrong_label" }
        #expect(wrong.count == 12 && demo.rows.count { $0.labels != $0.truth } == 12)
        for fault in wrong {
            let row = try #require(demo.rows.first { $0.name == fault.name })
            #expect(fault.detail == "\(row.truth[0]) written as \(row.labels[0])" && row.labels != row.truth)
        }
    }

    @Test func copiesArePlantedAsListed() throws {
        let rows = Dictionary(demo.rows.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let exact = demo.faults.filter { $0.kind == "exact_duplicate" }
        let near = demo.faults.filter { $0.kind == "near_duplicate" }
        #expect(exact.count == 5 && near.count == 5)
        var across = 0
        for fault in exact + near {
            let (copy, source) = (try #require(rows[fault.name]), try #require(rows[fault.other]))
            #expect(copy.labels == source.labels && copy.truth == source.truth, "\(fault)")
            #expect(fault.detail == (copy.isValid != source.isValid ? "across the split" : "within training"))
            across += copy.isValid != source.isValid ? 1 : 0
        }
        #expect(across == 2)
        for fault in exact { #expect(try picture(fault.name) == picture(fault.other)) }
        for fault in near {
            let (copy, source) = (try picture(fault.name), try picture(fault.other))
            var cut = source.cropped(x: 3, y: 2, width: source.width - 5, height: source.height - 4)
            cut.pixels = cut.pixels.map { UInt8(min(255, Int($0) + 6)) }
            // What is lost as it is saved again at a quality of 80.
            #expect(distance(copy, cut) < 4, "\(fault)")
            #expect(copy != cut)
        }
    }

    @Test func aSeedDrawsTheSameBytes() throws {
        for index in stride(from: 0, to: 1016, by: 127) {
            let bytes = try demo.bytes(of: index)
            #expect(try bytes == DemoSet().bytes(of: index))
            let image = try Image(decoding: bytes, named: demo.rows[index].name)
            #expect(image.width >= 200 && Set(image.pixels).count > 50)
        }
        let other = DemoSet(seed: 8)
        #expect(try demo.bytes(of: 5) != other.bytes(of: 5))
        // Not only saved at another quality.
        #expect(try distance(picture(demo.rows[5].name), Image(decoding: other.bytes(of: 5), named: "other")) > 20)
    }

    @Test func itIsWrittenAsItSays() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("demo-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let counts = Mutex<[Int]>([])
        try demo.write(to: folder) { done in counts.withLock { $0.append(done) } }
        #expect(counts.withLock { $0.sorted() } == Array(1...1016))
        #expect(try FileListing(of: folder + "/images").files.sorted() == demo.rows.map(\.name).sorted())
        for index in stride(from: 3, to: 1016, by: 113) {
            #expect(try FileBytes.read("\(folder)/images/\(demo.rows[index].name)") == demo.bytes(of: index))
        }
        let table = try LabelTable.read(folder + "/labels.csv")
        #expect(table.remarks == [])
        let rows = demo.rows.sorted { $0.name < $1.name }
        #expect(table.rows.map(\.name) == rows.map(\.name))
        #expect(table.rows.map { Set($0.labels) } == rows.map { Set($0.labels) })
        #expect(table.rows.map(\.isValid) == rows.map(\.isValid))
        let planted = try CSV(FileBytes.read(folder + "/planted.csv"), named: "planted.csv")
        #expect(planted.header == ["kind", "fname", "other", "detail"])
        #expect(planted.rows == demo.faults.map { [$0.kind, $0.name, $0.other, $0.detail] })
    }
}
