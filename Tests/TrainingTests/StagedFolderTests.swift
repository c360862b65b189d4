import Evaluation
import Foundation
import Testing
import Training

/// A folder of its own, gone at the end.
final class Scratch {
    let path = FileTree.real(FileManager.default.temporaryDirectory.path).map { "\($0)/scratch-\(UUID())" } ?? ""

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ text: String, to file: String) throws {
        let url = URL(fileURLWithPath: "\(path)/\(file)")
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileBytes.write(text, to: url.path)
    }

    func text(_ file: String) throws -> String {
        String(decoding: try FileBytes.read("\(path)/\(file)"), as: UTF8.self)
    }

    var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
    }
}

@Suite struct StagedFolderTests {
    private func write(_ text: String, to path: String, kind: OutputKind = .report) throws {
        try StagedFolder.write(to: path, kind: kind) { folder in
            try FileManager.default.createDirectory(atPath: folder + "/img", withIntermediateDirectories: true)
            try FileBytes.write(text, to: folder + "/index.html")
            try FileBytes.write(text, to: folder + "/img/a.png")
        }
    }

    /// The number of a process that has ended.
    private static func processThatIsGone() throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/true")
        try process.run()
        process.waitUntilExit()
        return process.processIdentifier
    }

    @Test func nothingIsLeftAfterAFailure() throws {
        let scratch = try Scratch()
        struct Stop: Error {}
        #expect(throws: Stop.self) {
            try StagedFolder.write(to: scratch.path + "/a/b/out", kind: .report) { folder in
                try FileBytes.write("half", to: folder + "/m")
                throw Stop()
            }
        }
        #expect(try scratch.names.isEmpty)
        #expect(throws: InputError.self) { try FileBytes.write("x", to: scratch.path + "/no/such/folder") }
        #expect(throws: InputError.self) { try FileBytes.read(scratch.path) }
    }

    @Test func anOutputReplacesOneOfItsKindAndNoOther() throws {
        let scratch = try Scratch()
        let out = scratch.path + "/out"
        for text in ["one", "two"] {
            try write(text, to: out)
            #expect(try scratch.text("out/index.html") == text && scratch.text("out/img/a.png") == text)
        }
        #expect(try scratch.names == ["out"])
        #expect(throws: InputError.self) { try write("three", to: out, kind: .verdict) }
        #expect(try scratch.text("out/index.html") == "two")
    }

    /// Killed between the two renames, the earlier folder is put back; killed after them, it goes, but with what others put
    /// into it.
    @Test func whatAKilledExchangeLeftIsPutRight() throws {
        let scratch = try Scratch()
        let gone = try Self.processThatIsGone()
        let (out, old) = (scratch.path + "/out", scratch.path + "/.out.\(gone)-1.old")
        try write("one", to: out)
        try FileManager.default.moveItem(atPath: out, toPath: old)
        StagedFolder.removeStale(beside: out, kind: .report)
        #expect(try scratch.text("out/index.html") == "one" && scratch.names == ["out"])
        try FileManager.default.moveItem(atPath: out, toPath: old)
        try FileManager.default.createSymbolicLink(atPath: out, withDestinationPath: "nowhere")
        StagedFolder.removeStale(beside: out, kind: .report)
        #expect(try scratch.names.count == 2)
        try FileManager.default.removeItem(atPath: out)
        try FileManager.default.moveItem(atPath: old, toPath: out)
        try FileManager.default.copyItem(atPath: out, toPath: old)
        try write("two", to: out)
        #expect(try scratch.text("out/index.html") == "two" && scratch.names == ["out"])
        try FileManager.default.copyItem(atPath: out, toPath: old)
        try FileBytes.write("mine", to: old + "/diary.txt")
        StagedFolder.removeStale(beside: out, kind: .report)
        #expect(try scratch.names.count == 2)
    }

    /// What goes is deleted under a name that is known to be rubbish: cut short, it does not come back half.
    @Test func aFolderIsNotDeletedUnderANameThatComesBack() throws {
        let scratch = try Scratch()
        let gone = try Self.processThatIsGone()
        let out = scratch.path + "/out"
        let old = scratch.path + "/.out.\(gone)-1.old"
        func write() throws {
            try StagedFolder.write(to: out, kind: .report) { try FileBytes.write("x", to: $0 + "/index.html") }
        }
        try write()
        try FileManager.default.copyItem(atPath: out, toPath: old)
        struct Killed: Error {}
        #expect(throws: Killed.self) {
            try StagedFolder.discard(old) { folder in
                try FileManager.default.removeItem(atPath: folder + "/" + OutputManifest.file)
                throw Killed()
            }
        }
        #expect(try scratch.names.count == 2)
        try FileManager.default.removeItem(atPath: out)
        StagedFolder.removeStale(beside: out, kind: .report)
        #expect(try scratch.names.isEmpty)
        try write()
        #expect(try scratch.names == ["out"])
    }

    @Test func aLinkToAnOutputStaysALink() throws {
        let scratch = try Scratch()
        try write("one", to: scratch.path + "/disk/out")
        try FileManager.default.createSymbolicLink(atPath: scratch.path + "/link", withDestinationPath: "disk/out")
        try write("two", to: scratch.path + "/link")
        #expect(try scratch.text("disk/out/index.html") == "two")
        #expect(FileTree.kind(of: scratch.path + "/link", followsLinks: false) == .link)
    }

    @Test func whatComesInTheMeantimeIsKept() throws {
        let scratch = try Scratch()
        let out = scratch.path + "/out"
        try write("one", to: out)
        #expect(throws: InputError.self) {
            try StagedFolder.write(to: out, kind: .report) { _ in try scratch.write("mine", to: "out/diary.txt") }
        }
        #expect(try scratch.text("out/index.html") == "one" && scratch.text("out/diary.txt") == "mine")
        try StagedFolder.write(to: out, kind: .report, keepsStrangers: true) { folder in
            try FileBytes.write("two", to: folder + "/index.html")
            try scratch.write("log", to: "out/logs/1/log.txt")
        }
        #expect(try scratch.text("out/diary.txt") == "mine" && scratch.text("out/logs/1/log.txt") == "log")
        #expect(try scratch.text("out/index.html") == "two" && scratch.names == ["out"])
        #expect(FileTree.kind(of: out + "/img/a.png") == nil)
    }
}
