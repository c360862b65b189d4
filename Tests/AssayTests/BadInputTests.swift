import Evaluation
import Foundation
import Testing

/// Bad input through the commands: one line, exit 2, and nothing written.
@Suite struct BadInputTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bad-\(UUID())").path

    private func write(_ files: [(String, [UInt8])]) throws {
        for (name, bytes) in files {
            let url = URL(fileURLWithPath: "\(folder)/\(name)")
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try FileBytes.write(bytes, to: url.path)
        }
    }

    private func fails(_ arguments: [String], _ words: String...) throws {
        let result = try Program.run(arguments)
        #expect(result.code == 2 && result.error.filter { $0 == "\n" }.count == 1, "\(result.error)")
        for word in words { #expect(result.error.contains(word), "\(word): \(result.error)") }
    }

    private func train(_ labels: String) -> [String] {
        ["train", "--labels", "\(folder)/\(labels)", "--images", folder + "/images", "--out", folder + "/run"]
    }

    private func picture(_ name: String) throws -> [UInt8] {
        try FileBytes.read("\(Program.root)/Goldens/masks/images/NEW/\(name).jpg")
    }

    @Test func trainingNamesWhatItCannotUse() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let whole = try picture("0")
        let table = "fname,labels\n" + (0..<10).map { "\($0).jpg,x\n" }.joined()
        try write(
            (0..<10).map { ("images/\($0).jpg", whole) } + [
                ("labels.csv", Array(table.utf8)), ("two.csv", Array("fname,labels\n0.jpg,x\n1.jpg,y\n".utf8)),
                ("missing.csv", Array("fname,labels\n0.jpg,x\nno.jpg,y\n".utf8)),
            ])
        try fails(train("two.csv"), "two.csv: the split leaves a side empty", "2 for training, 0 for validation")
        // What is not there comes before what would be made of it.
        try fails(train("missing.csv"), "1 of 2 images is missing", "'no.jpg'")
        try write([("images/3.jpg", Array(whole.prefix(whole.count / 2)))])
        try fails(train("labels.csv"), "images/3.jpg: is truncated", "expected")
        try write([("images/5.jpg", Array("<html>".utf8)), ("images/8.jpg", [])])
        try fails(train("labels.csv"), "3 of 10 images cannot be used", "'3.jpg'", "'5.jpg', '8.jpg'")
        try fails(
            [
                "data", "show", "--labels", folder + "/two.csv", "--images", folder + "/images", "--out",
                folder + "/s.png",
            ],
            "two.csv: the split")
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == [
                "images", "labels.csv", "missing.csv", "two.csv",
            ])
    }

    @Test func evaluationNamesFilesAndRows() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try write([
            ("labels.csv", Array("fname,labels\na,x\nb,x\n".utf8)), ("twice.csv", Array("fname,x\na,0\na,1\n".utf8)),
            ("other.csv", Array("fname,x\na,0\nc,1\n".utf8)), ("bytes.csv", Array("fname,x\na,0\nb".utf8) + [0xFF]),
        ])
        func evaluate(_ file: String) -> [String] {
            [
                "evaluate", "--labels", folder + "/labels.csv", "--predictions", "\(folder)/\(file)", "--out",
                folder + "/out",
            ]
        }
        try fails(evaluate("twice.csv"), "twice.csv:3: image name appears twice", "'a'")
        try fails(evaluate("other.csv"), "other.csv, \(folder)/labels.csv: predictions and truth", "'b'", "'c'")
        try fails(evaluate("bytes.csv"), "bytes.csv:3: a cell is not text", "got")
        #expect(!FileManager.default.fileExists(atPath: folder + "/out"))
    }

    @Test func aGoldenSetNamesItsLine() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try write([
            ("goldens/golden.yaml", Array("version: 1\nrules:\n  - {metric: exact_match, at_least: -5}\n".utf8)),
            ("goldens/a.jpg", try picture("0")), ("p.csv", Array("fname,x\na.jpg,0\n".utf8)),
        ])
        try fails(
            ["gate", "--goldens", folder + "/goldens", "--predictions", folder + "/p.csv"], "golden.yaml:3", "got -5")
    }

    @Test func aLabelMayBeCalledNothing() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try write([
            ("labels.csv", Array("fname,labels\na,nothing\nb,x\nc,\n".utf8)),
            ("p.csv", Array("fname,nothing,x\na,0,0\nb,1,0\nc,0,0\n".utf8)),
        ])
        let result = try Program.run([
            "evaluate", "--labels", folder + "/labels.csv", "--predictions", folder + "/p.csv", "--out",
            folder + "/out", "--json",
        ])
        #expect(result.code == 0 && result.out.contains("\"nothing\" : \"(nothing)\""), "\(result.out)")
        let page = String(decoding: try FileBytes.read(folder + "/out/index.html"), as: UTF8.self)
        #expect(page.contains("<em>(nothing)</em>") && !page.contains("<em>nothing</em>"))
    }

    @Test func labelsThatLookAlikeAreWarnedOf() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try write([
            ("labels.csv", Array("fname,labels\na,X\nb,x\n".utf8)), ("p.csv", Array("fname,X,x\na,0,0\nb,1,0\n".utf8)),
        ])
        let result = try Program.run([
            "evaluate", "--labels", folder + "/labels.csv", "--predictions", folder + "/p.csv", "--out",
            folder + "/out", "--no-report",
        ])
        #expect(result.code == 0 && result.error.contains("differ only by case or blanks: 'X', 'x'"), "\(result.error)")
    }

    @Test(arguments: [
        ["--epochs", "-1"], ["--size", "0"], ["--size", "-3"], ["--batch-size", "-1"], ["--lr", "-1"],
        ["--freeze-epochs", "-2"], ["--valid-pct", "-.5"], ["--threads", "-1"], ["--min-scale", "-1"],
        ["--item-size", "0"], ["--image-memory", "-1"], ["--weight-decay", "-1"], ["--patience", "0"],
        ["--threshold", "-1"], ["--threads", "0"], ["--threads", "1025"], ["--threads", "9223372036854775807"],
    ])
    func numbersOutOfRangeAreWrongUsage(_ option: [String]) throws {
        let result = try Program.run(["train", "--labels", "l", "--images", "i", "--out", "o"] + option)
        #expect(result.code == 64 && result.error.contains("expected"), "\(result.error)")
        #expect(result.error.contains("\(option[0]): ") && result.error.contains("got "), "\(result.error)")
    }
}
