import ModelFiles
import Testing

/// Archives, seen through the checkpoints that they hold.
@Suite struct ZipArchiveTests {
    typealias Entry = CheckpointBytes.Entry

    private let storage = [UInt8](repeating: 0, count: 16)

    private func entries(_ change: (inout Entry) -> Void = { _ in }) -> [Entry] {
        var last = Entry(name: "m/data/0", data: storage)
        change(&last)
        return [Entry(name: "m/data.pkl", data: CheckpointBytes.dictionary([("w", CheckpointBytes.tensor())])), last]
    }

    private func refusal(_ bytes: [UInt8]) -> String {
        #expect(throws: ModelFileError.self) { try TorchCheckpoint.read(bytes, named: "t") }?.description ?? ""
    }

    @Test(arguments: [false, true]) func storedEntriesAreRead(_ isZip64: Bool) throws {
        let bytes = CheckpointBytes.zip(entries { $0.isZip64 = isZip64 }, isZip64: isZip64, comment: "a comment")
        #expect(try TorchCheckpoint.read(bytes, named: "t").tensors["w"]?.values == [0, 0, 0, 0])
    }

    /// Other programs put fields of their own first.
    @Test func theZip64FieldMayComeLater() throws {
        let bytes = CheckpointBytes.zip(
            entries {
                $0.isZip64 = true
                $0.extra = [0x55, 0x54, 5, 0, 1, 2, 3, 4, 5]
            }, isZip64: true)
        #expect(try TorchCheckpoint.read(bytes, named: "t").tensors["w"]?.values == [0, 0, 0, 0])
    }

    @Test func damageIsNamed() {
        let cases: [(String, (inout Entry) -> Void)] = [
            ("checksum", { $0.checksum = 1 }), ("encrypted", { $0.flags = 1 }), ("encrypted", { $0.flags = 0x40 }),
            ("encrypted", { $0.flags = 0x2000 }), ("two sizes", { $0.packed = 15 }),
            ("is compressed", { $0.method = 8 }), ("beyond the end", { $0.size = 1 << 20 }),
            ("not where the directory says", { $0.local = 3 }),
            ("not where the directory says", { $0.local = 1 << 30 }),
            ("not where the directory says", { $0.localName = "m/data/1" }),
            ("leads out", { $0.name = "m/../0" }), ("leads out", { $0.name = "/m/0" }),
            ("leads out", { $0.name = "m\\0" }),
            ("leads out", { $0.name = "m\0" }), ("is there twice", { $0.name = "m/data.pkl" }),
        ]
        for (expected, change) in cases {
            let line = refusal(CheckpointBytes.zip(entries(change)))
            #expect(line.contains(expected), "\(expected): \(line)")
        }
    }

    @Test func entriesMayNotOverlap() {
        let inner = CheckpointBytes.zip([Entry(name: "m/data/0", data: storage)])
        var all = entries()
        all[0].data = inner
        all[1].local = 30 + 10 + 4
        #expect(refusal(CheckpointBytes.zip(all)).contains("overlaps"))
    }

    @Test func directoriesThatLieAreRefused() {
        #expect(refusal(CheckpointBytes.zip(entries(), count: 1)).contains("more than its 1 entries"))
        #expect(refusal(CheckpointBytes.zip(entries(), count: 3)).contains("damaged directory"))
        #expect(refusal(CheckpointBytes.zip(entries(), isZip64: true, count: .max)).contains("entries, more than"))
        #expect(refusal(CheckpointBytes.zip(entries()) + [0]).contains("no directory at its end"))
        #expect(refusal([0x50, 0x4B, 3, 4]).contains("no directory at its end"))
    }
}
