import Evaluation
import Foundation

/// Where a command may draw a picture.
enum PicturePlace {
    /// A picture replaces a picture and nothing else; call it before long work.
    /// - Parameter inputs: files and folders that the command reads; what lies in one of them stays as it is.
    /// - Throws: `InputError`.
    static func check(_ out: String, inputs: [String?]) throws {
        let kind = FileTree.kind(of: out)
        func isPicture() -> Bool { FileBytes.start(of: out, count: 4).map { $0 == [0x89, 0x50, 0x4E, 0x47] } ?? true }
        guard kind == nil || (kind == .file && isPicture()) else {
            throw InputError("the place is taken", at: out, expected: "a new file or a PNG", got: "something else")
        }
        // With the slash only a folder will do.
        guard access(URL(fileURLWithPath: out).deletingLastPathComponent().path + "/", W_OK | X_OK) == 0 else {
            throw InputError(
                "cannot write the file", at: out, expected: "a folder that can be written", got: FileBytes.reason())
        }
        guard kind != nil, let real = FileTree.real(out) else { return }
        for case let input? in inputs where real == FileTree.real(input) || FileTree.isInside(out, input) {
            throw InputError(
                "the output would take the place of an input", at: out, expected: "another place",
                got: "one of '\(input)'")
        }
    }
}
