import Evaluation
import Foundation
import Testing
import Training

@Suite struct OutputManifestTests {
    private func made(_ kind: OutputKind, in scratch: Scratch) throws -> String {
        try StagedFolder.write(to: scratch.path + "/out", kind: kind) { folder in
            try FileBytes.write("{}", to: folder + "/config.json")
            try FileBytes.write("<p>", to: folder + "/index.html")
        }
        return scratch.path + "/out"
    }

    @Test(arguments: ["diary.txt", ".hidden", "img/mine.png", "run/deep/er.txt"])
    func whatAssayDidNotWriteIsNamed(_ file: String) throws {
        let scratch = try Scratch()
        let out = try made(.run, in: scratch)
        #expect(try OutputManifest.objection(to: out, as: .run) == nil)
        try scratch.write("mine", to: "out/" + file)
        #expect(try OutputManifest.objection(to: out, as: .run)?.contains(file) == true)
    }

    @Test func aChangedFileIsNamedAndAMissingOneIsNoLoss() throws {
        let scratch = try Scratch()
        let out = try made(.report, in: scratch)
        try FileManager.default.removeItem(atPath: out + "/config.json")
        #expect(try OutputManifest.objection(to: out, as: .report) == nil)
        try scratch.write("<p>my words", to: "out/index.html")
        #expect(try OutputManifest.objection(to: out, as: .report)?.contains("index.html") == true)
        try FileManager.default.removeItem(atPath: out + "/index.html")
        try FileManager.default.createSymbolicLink(atPath: out + "/index.html", withDestinationPath: "/etc/hostname")
        #expect(try OutputManifest.objection(to: out, as: .report)?.contains("index.html") == true)
    }

    @Test func theLookOfAnOutputIsNoProof() throws {
        let scratch = try Scratch()
        for file in ["config.json", "index.html", "record.json", "verdict.json", "planted.csv", "assay.json"] {
            try scratch.write("{}", to: "\(file)-folder/\(file)")
            for kind in OutputKind.allCases {
                let objection = try OutputManifest.objection(to: "\(scratch.path)/\(file)-folder", as: kind)
                #expect(objection?.contains(file) == true, "\(file) as \(kind)")
            }
        }
    }

    @Test func aRunsGrowingFilesAndKilledSavesAreItsOwn() throws {
        let scratch = try Scratch()
        let out = try made(.run, in: scratch)
        for file in ["history.csv", "checkpoint.safetensors", ".checkpoint.safetensors.7-8.part"] {
            try scratch.write("1", to: "out/" + file)
        }
        #expect(try OutputManifest.objection(to: out, as: .run) == nil)
        try scratch.write("1", to: "out/.mine.7-8.part")
        #expect(try OutputManifest.objection(to: out, as: .run) != nil)
    }

    @Test func aDemosPartsAnswerForThemselves() throws {
        let scratch = try Scratch()
        let out = try made(.demo, in: scratch)
        try StagedFolder.write(to: out + "/report", kind: .report) { try FileBytes.write("a", to: $0 + "/index.html") }
        #expect(try OutputManifest.objection(to: out, as: .demo) == nil)
        try scratch.write("b", to: "out/report/index.html")
        #expect(try OutputManifest.objection(to: out, as: .demo)?.contains("index.html") == true)
        try FileManager.default.removeItem(atPath: out + "/report")
        #expect(try OutputManifest.objection(to: out, as: .demo) == nil)
        try scratch.write("b", to: "out/run")
        #expect(try OutputManifest.objection(to: out, as: .demo)?.contains("'run'") == true)
    }
}
