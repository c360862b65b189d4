import Foundation

/// The files below a folder of a person's, and a word on everything in it that is left out.
public struct FileListing: Sendable, Equatable {
    /// Relative paths of regular files, and of links to such inside the folder, sorted by their bytes.
    public let files: [String]
    /// One sentence for each reason to leave something out, naming it.
    public let remarks: [String]

    /// Hidden names, links to folders and what is no file are left out; a link that leaves the folder is refused.
    /// - Throws: `InputError` for a missing folder, a name that is not UTF-8, a link that leads outside or nowhere.
    public init(of folder: String) throws {
        func isHidden(_ path: String) -> Bool { path.split(separator: "/").last?.hasPrefix(".") ?? false }
        var (files, hidden, folders, others): ([String], [String], [String], [String]) = ([], [], [], [])
        for entry in try FileTree.entries(under: folder, enters: { !isHidden($0) }) {
            if isHidden(entry.path) {
                hidden.append(entry.path)
                continue
            }
            switch entry.kind == .link ? try Self.target(of: entry.path, in: folder) : entry.kind {
            case .file: files.append(entry.path)
            case .folder: folders.append(entry.path)
            default: others.append(entry.path)
            }
        }
        self.files = files
        remarks = [
            Self.remark("hidden", hidden), Self.remark("a link to a folder", folders),
            Self.remark("neither file nor folder", others),
        ].compactMap { $0 }
    }

    /// What a link leads to.
    private static func target(of link: String, in folder: String) throws -> FileTree.Kind {
        let path = "\(folder)/\(link)"
        guard let kind = FileTree.kind(of: path) else {
            throw InputError("a link leads nowhere", at: path, expected: "a file inside '\(folder)'", got: "nothing")
        }
        guard FileTree.isInside(path, folder) else {
            throw InputError(
                "a link leaves its folder", at: path, expected: "a file inside '\(folder)'",
                got: "'\(FileTree.real(path) ?? "")'")
        }
        return kind
    }

    /// The files that must be images, but for some that are known to be others, and remarks on all that is left out.
    /// - Parameters:
    ///   - folder: what was listed.
    ///   - known: paths, beginning with the folder's.
    package func images(in folder: String, but known: [String] = []) -> (images: [String], remarks: [String]) {
        let files = files.filter { !known.contains("\(folder)/\($0)") }
        let images = files.filter { Self.mayBeImage("\(folder)/\($0)") }
        let others = Self.remark("no images", Set(files).subtracting(images).sorted())
        return (images, remarks + [others].compactMap { $0 })
    }

    /// By its content it is one, or nothing says that it is a text.
    private static func mayBeImage(_ path: String) -> Bool {
        let texts = [".csv", ".txt", ".yaml", ".yml", ".json", ".md", ".py"]
        guard texts.contains(where: path.lowercased().hasSuffix) else { return true }
        let start = FileBytes.start(of: path, count: 8) ?? []
        return start.starts(with: [0xFF, 0xD8, 0xFF]) || start == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    }

    /// "left out, hidden: '.a', '.b' and 3 more"; nil for no names.
    static func remark(_ reason: String, _ names: [String]) -> String? {
        guard !names.isEmpty else { return nil }
        let few = names.prefix(5).map { "'\($0)'" }.joined(separator: ", ")
        return "left out, \(reason): \(few)\(names.count > 5 ? " and \(names.count - 5) more" : "")"
    }
}
