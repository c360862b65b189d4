import Evaluation
import Foundation

/// Where a command may write a folder.
public enum OutputPlace {
    /// Refuses a place that holds what is not an earlier output of the same kind, or that touches what the command reads;
    /// call it before long work.
    ///
    /// - Parameter inputs: files and folders that the command reads; the place may not be one, hold one, or lie in one.
    /// - Throws: `InputError`.
    public static func check(_ path: String, for kind: OutputKind, inputs: [String?] = []) throws {
        let place = try resolve(path)
        func refuse(_ what: String, _ expected: String, _ got: String) -> InputError {
            InputError(what, at: path, expected: expected, got: got)
        }
        let kept = [
            ("the current directory", FileManager.default.currentDirectoryPath),
            ("the home directory", NSHomeDirectory()),
            ("the root directory", "/"),
        ]
        for (name, folder) in kept where holds(place, FileTree.real(folder) ?? folder) {
            throw refuse("the output would take the place of \(name)", "a folder of its own", "'\(place)'")
        }
        for input in inputs.compactMap({ $0 }) {
            guard let real = FileTree.real(input) else { continue }
            if holds(place, real) {
                throw refuse(
                    "the output would take the place of an input", "a folder of its own", "one with '\(input)'")
            }
            if holds(real, place) {
                throw refuse("the output would lie in an input", "a folder outside of it", "one inside '\(input)'")
            }
        }
        switch FileTree.kind(of: place) {
        case nil: break
        case .folder?:
            if let objection = try OutputManifest.objection(to: place, as: kind) {
                throw refuse(
                    "the output's place is taken",
                    "a new or empty folder, or an unchanged \(kind.rawValue) folder of assay to replace", objection)
            }
        default: throw refuse("the output's place is taken", "a new folder", "a file")
        }
        // The nearest folder that exists must let a new one be made in it.
        var parent = URL(fileURLWithPath: place).deletingLastPathComponent()
        while FileTree.kind(of: parent.path) == nil, parent.path != "/" { parent.deleteLastPathComponent() }
        guard FileTree.kind(of: parent.path) == .folder else {
            throw refuse("the output cannot be written", "a folder to make it in", "'\(parent.path)', a file")
        }
        guard access(parent.path, W_OK | X_OK) == 0 else {
            throw refuse("the output cannot be written", "a writable place", FileBytes.reason())
        }
    }

    /// The absolute path with every link resolved that exists.
    static func resolve(_ path: String) throws -> String {
        guard !path.isEmpty else { throw InputError("the output has no name", expected: "a folder", got: "''") }
        if let real = FileTree.real(path) { return real }
        guard FileTree.kind(of: path, followsLinks: false) == nil else {
            throw InputError(
                "the output's place is taken", at: path, expected: "a new folder", got: "a link that leads nowhere")
        }
        let url = URL(fileURLWithPath: path)
        let (parent, name) = (url.deletingLastPathComponent(), url.lastPathComponent)
        guard name != "..", name != ".", parent.path != url.path else { return url.standardizedFileURL.path }
        let folder = try resolve(parent.path)
        return folder == "/" ? "/" + name : folder + "/" + name
    }

    /// Whether `inner` is `outer` or lies below it; both resolved.
    private static func holds(_ outer: String, _ inner: String) -> Bool {
        outer == inner || inner.hasPrefix(outer == "/" ? "/" : outer + "/")
    }
}
