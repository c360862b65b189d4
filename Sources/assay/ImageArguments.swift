import Evaluation
import Foundation

/// Paths on the command line as single images.
enum ImageArguments {
    /// Folders are searched for images. What a single folder holds is named by its path from there; beside others, where
    /// two may hold one name, each file is named as it was given.
    static func expand(_ paths: [String]) throws -> [(name: String, path: String)] {
        var files: [(name: String, path: String)] = []
        for path in paths {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
                throw InputError("there is no such image", at: path, expected: "an image or a folder", got: "nothing")
            }
            if isFolder.boolValue {
                let (images, remarks) = try FileListing(of: path).images(in: path)
                for remark in remarks { Terminal.note("\(path): \(remark)".singleLine) }
                let prefix = path.hasSuffix("/") ? path : path + "/"
                files += images.map { (paths.count == 1 ? $0 : prefix + $0, prefix + $0) }
            } else {
                files.append((path, path))
            }
        }
        guard !files.isEmpty else {
            throw InputError("no images", at: paths.joined(separator: ", "), expected: "at least one image")
        }
        var names: Set<String> = []
        for file in files where !names.insert(file.name).inserted {
            throw InputError("an image is named twice", at: file.path, expected: "each image once")
        }
        return files
    }
}
