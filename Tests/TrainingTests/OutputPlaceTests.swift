import Evaluation
import Foundation
import Testing
import Training

@Suite struct OutputPlaceTests {
    private func refusal(_ path: String, inputs: [String?] = []) -> String? {
        do { try OutputPlace.check(path, for: .report, inputs: inputs) } catch { return "\(error)" }
        return nil
    }

    @Test func homeCurrentAndRootDirectoriesAreNoPlace() throws {
        for path in ["/", ".", "", NSHomeDirectory(), "/tmp/..", FileManager.default.currentDirectoryPath + "/.."] {
            #expect(refusal(path)?.contains("output") == true, "\(path)")
        }
    }

    @Test func inputsAreNeitherTakenNorWrittenInto() throws {
        let scratch = try Scratch()
        try scratch.write("x", to: "photos/a/b.jpg")
        let photos = scratch.path + "/photos"
        try FileManager.default.createSymbolicLink(atPath: scratch.path + "/link", withDestinationPath: "photos")
        for out in [
            photos, photos + "/", photos + "/report", photos + "/a/../x", scratch.path, scratch.path + "/link/r",
        ] {
            #expect(refusal(out, inputs: [nil, photos])?.contains("input") == true, "\(out)")
        }
        #expect(refusal(photos + "/a/b.jpg", inputs: [photos + "/a/b.jpg"])?.contains("input") == true)
        #expect(refusal(scratch.path + "/photos2", inputs: [photos, photos + "/none"]) == nil)
    }

    @Test func aLaterOutputDoesNotTakeAnEarlierOneThatIsRead() throws {
        let scratch = try Scratch()
        let out = scratch.path + "/out"
        try StagedFolder.write(to: out, kind: .report) { try FileBytes.write("{}", to: $0 + "/record.json") }
        #expect(refusal(out) == nil)
        #expect(refusal(out, inputs: [out + "/record.json"])?.contains("input") == true)
    }

    @Test func filesAndDeadLinksAreTaken() throws {
        let scratch = try Scratch()
        try scratch.write("x", to: "file")
        try FileManager.default.createSymbolicLink(atPath: scratch.path + "/dead", withDestinationPath: "nowhere")
        #expect(refusal(scratch.path + "/file")?.contains("a file") == true)
        #expect(refusal(scratch.path + "/file/below/it")?.contains("/file', a file") == true)
        #expect(refusal(scratch.path + "/dead")?.contains("leads nowhere") == true)
        #expect(refusal(scratch.path + "/new/deeper") == nil)
    }
}
