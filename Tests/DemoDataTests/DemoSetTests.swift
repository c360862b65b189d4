import DemoData
import Evaluation
import Foundation
import Raster
import Testing

@Suite struct DemoSetTests {
    private let demo = DemoSet()

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

    @Test func faultsArePlantedAsListed() throws {
        let byName = Dictionary(demo.rows.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let indices = Dictionary(demo.rows.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        let wrong = demo.faults.filter { $0.kind == "wrong_label" }
        #expect(wrong.count == 12 && demo.rows.count { $0.labels != $0.truth } == 12)
        for fault in wrong { #expect(byName[fault.name]?.labels != byName[fault.name]?.truth) }
        let exact = demo.faults.filter { $0.kind == "exact_duplicate" }
        let near = demo.faults.filter { $0.kind == "near_duplicate" }
        #expect(exact.count == 5 && near.count == 5)
        let across = (exact + near).filter { byName[$0.name]?.isValid != byName[$0.other]?.isValid }
        #expect(across.count == 2 && across.allSatisfy { $0.detail == "across the split" })
        for fault in exact {
            let (a, b) = (try #require(indices[fault.name]), try #require(indices[fault.other]))
            #expect(try demo.bytes(of: a) == demo.bytes(of: b))
        }
        for fault in near.prefix(2) {
            let (a, b) = (try #require(indices[fault.name]), try #require(indices[fault.other]))
            #expect(try demo.bytes(of: a) != demo.bytes(of: b))
        }
    }

    @Test func aSeedDrawsTheSameBytes() throws {
        for index in stride(from: 0, to: 1016, by: 127) {
            let bytes = try demo.bytes(of: index)
            #expect(try bytes == DemoSet().bytes(of: index))
            let image = try Image(decoding: bytes, named: demo.rows[index].name)
            #expect(image.width >= 200 && Set(image.pixels).count > 50)
        }
        #expect(try demo.bytes(of: 5) != DemoSet(seed: 8).bytes(of: 5))
    }

    @Test func theGoldenSetIsWhatIsCommitted() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("goldens-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try MaskGoldens.write(to: folder)
        let committed = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Goldens/masks").path
        #expect(try FileListing(of: folder).files == FileListing(of: committed).files)
        for file in ["golden.yaml", "labels.csv"] {
            #expect(try FileBytes.read(folder + "/" + file) == FileBytes.read(committed + "/" + file))
        }
        #expect(
            try GoldenSet.read(folder: folder).rules
                == GoldenSet.read(folder: committed).rules.map { rule in
                    var rule = rule
                    rule.place = rule.place.replacingOccurrences(of: committed, with: folder)
                    return rule
                })
    }
}
