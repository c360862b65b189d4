import Evaluation
import Foundation
import Testing

/// A folder of files by relative path, and of links; gone at the end.
final class FileScratch {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("files-\(UUID())").path

    init(_ files: [String: String], links: [String: String] = [:]) throws {
        for (file, text) in files {
            try make(file)
            try FileBytes.write(text, to: "\(path)/\(file)")
        }
        for (link, target) in links {
            try make(link)
            try FileManager.default.createSymbolicLink(atPath: "\(path)/\(link)", withDestinationPath: target)
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    private func make(_ file: String) throws {
        let url = URL(fileURLWithPath: "\(path)/\(file)").deletingLastPathComponent()
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }
}

@Suite struct FileListingTests {
    @Test func whatIsLeftOutIsNamed() throws {
        let scratch = try FileScratch(
            ["b.jpg": "", "a/c d.jpg": "", ".hidden.jpg": "", ".git/config": "", "a/.DS_Store": ""],
            links: ["a/link.jpg": "../b.jpg", "z": "a"])
        mkfifo(scratch.path + "/pipe.jpg", 0o600)
        let listing = try FileListing(of: scratch.path)
        #expect(listing.files == ["a/c d.jpg", "a/link.jpg", "b.jpg"])
        #expect(
            listing.remarks == [
                "left out, hidden: '.git', '.hidden.jpg', 'a/.DS_Store'", "left out, a link to a folder: 'z'",
                "left out, neither file nor folder: 'pipe.jpg'",
            ])
    }

    @Test(arguments: ["/etc/hostname", "/etc", "nowhere", "loop.jpg", ".."])
    func linksThatLeaveOrLeadNowhereAreRefused(_ target: String) throws {
        let scratch = try FileScratch(["a.jpg": ""], links: ["loop.jpg": target])
        let error = #expect(throws: InputError.self) { try FileListing(of: scratch.path) }
        #expect(error?.description.contains("loop.jpg") == true && error?.description.contains("a link") == true)
    }

    @Test func foldersOfLabelsSayWhatTheyLeaveOut() throws {
        let scratch = try FileScratch(["Cloth/a.jpg": "", "loose.jpg": "", "Cloth/.x.jpg": ""])
        let table = try LabelTable.fromFolders(scratch.path)
        #expect(table.rows.map(\.name) == ["Cloth/a.jpg"])
        #expect(table.remarks.count == 2 && table.remarks[1].contains("'loose.jpg'"))
    }

    @Test func textsBesideTheImagesOfALabelAreLeftOut() throws {
        let scratch = try FileScratch([
            "Cloth/a.jpg": "", "Cloth/notes.txt": "blurred: none\n", "README.md": "", "Gas/\u{301}b.jpg": "",
        ])
        let table = try LabelTable.fromFolders(scratch.path)
        #expect(table.rows.map(\.name) == ["Cloth/a.jpg", "Gas/\u{301}b.jpg"])
        #expect(table.rows.map(\.labels) == [["Cloth"], ["Gas"]])
        #expect(table.remarks == ["left out, no images: 'Cloth/notes.txt', 'README.md'"])
        let texts = try FileScratch(["Cloth/notes.txt": ""])
        #expect(throws: InputError.self) { try LabelTable.fromFolders(texts.path) }
    }
}

@Suite struct GoldenFilesTests {
    private let yaml = "version: 1\nlabels: truth.csv\nrules: [{metric: accuracy_multi, at_least: 0}]\n"

    @Test func everyFileIsAnImageOrKnownOrNamed() throws {
        let jpeg = "\u{FF}"  // not JPEG content: two bytes of UTF-8
        let scratch = try FileScratch([
            "golden.yaml": yaml, "truth.csv": "fname,labels\na.jpg,x\n", "README.md": "", "a.jpg": jpeg,
            "b.gif": "GIF8",
            "notes.txt": "x", "other.csv": "y", ".c.jpg": "",
        ])
        try Data([0xFF, 0xD8, 0xFF, 0xE0]).write(to: URL(fileURLWithPath: scratch.path + "/photo.txt"))
        let golden = try GoldenSet.read(folder: scratch.path)
        // A picture of another kind stays, and fails where it is decoded: the gate skips nothing.
        #expect(golden.images == ["a.jpg", "b.gif", "photo.txt"])
        #expect(golden.remarks == ["left out, hidden: '.c.jpg'", "left out, no images: 'notes.txt', 'other.csv'"])
        let names = golden.images
        let record = try EvaluationRecord.measure(
            title: "t", scores: Scores(names: names, labels: ["x"], values: [1, 0, 0]),
            truth: golden.truth(labels: ["x"]), thresholds: [0.5])
        let notes = Gate.judge(record: record, golden: golden).verdict.notes
        #expect(notes.contains { $0.contains("notes.txt") } && notes.contains { $0.contains(".c.jpg") })
    }

    @Test func aByteOrderMarkIsNoPartOfTheFirstKey() throws {
        let scratch = try FileScratch([
            "golden.yaml": "\u{FEFF}" + yaml, "truth.csv": "fname,labels\na.jpg,x\n", "a.jpg": "",
        ])
        #expect(try GoldenSet.read(folder: scratch.path).rules.count == 1)
    }

    /// An image that is left out is not called missing.
    @Test func labelsOfAHiddenImageSaySo() throws {
        for (name, got) in [
            (".c.jpg", "is left out; expected an image whose name is not hidden"), ("d.jpg", "is missing"),
        ] {
            let scratch = try FileScratch([
                "golden.yaml": yaml, "truth.csv": "fname,labels\n\(name),x\n", "a.jpg": "", ".c.jpg": "",
            ])
            let error = #expect(throws: InputError.self) { try GoldenSet.read(folder: scratch.path) }
            let text = error?.description ?? ""
            #expect(text.contains("truth.csv: the labels name an image that \(got.prefix { $0 != ";" })"), "\(text)")
            #expect(text.contains(got.split(separator: ";").last ?? "") && text.contains("'\(name)'"), "\(text)")
        }
    }

    @Test func imagesOutsideTheSetAreRefused() throws {
        let outside = try FileScratch(["a.jpg": ""])
        let yaml = "version: 1\nimages: pictures\n"
        let linked = try FileScratch(["golden.yaml": yaml], links: ["pictures": outside.path])
        #expect(throws: InputError.self) { try GoldenSet.read(folder: linked.path) }
        let image = try FileScratch(["golden.yaml": yaml], links: ["pictures/a.jpg": outside.path + "/a.jpg"])
        #expect(throws: InputError.self) { try GoldenSet.read(folder: image.path) }
        #expect(throws: InputError.self) { try GoldenSet.read(folder: FileScratch(["golden.yaml": yaml]).path) }
    }
}
