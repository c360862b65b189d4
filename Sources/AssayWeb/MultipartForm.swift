import FlyingFox
import Foundation

/// `multipart/form-data` (RFC 7578) with one file, as `curl -F` and forms send it.
enum MultipartForm {
    /// The boundary, if that is what the body is.
    /// - Throws: `WebError` for a form without one.
    static func boundary(_ contentType: String?) throws -> [UInt8]? {
        guard let contentType, contentType.lowercased().hasPrefix("multipart/") else { return nil }
        let parameters = contentType.split(separator: ";").dropFirst().map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        let given = parameters.first { $0.lowercased().hasPrefix("boundary=") }?.dropFirst("boundary=".count)
        let boundary = given.map { $0.trimmingCharacters(in: CharacterSet(charactersIn: "\"")) } ?? ""
        guard contentType.lowercased().hasPrefix("multipart/form-data"), (1...70).contains(boundary.utf8.count) else {
            throw WebError(.unsupportedMediaType, "The form is no multipart/form-data with a boundary.")
        }
        return Array("--\(boundary)".utf8)
    }

    /// The bytes of the only file.
    /// - Throws: `WebError`: 415 without a file, 400 for several and for a form that is cut short.
    static func file(in body: [UInt8], boundary: [UInt8]) throws -> [UInt8] {
        var files: [ArraySlice<UInt8>] = []
        var rest = body[...]
        guard rest.starts(with: boundary) else {
            throw WebError(.badRequest, "The form does not begin with its boundary.")
        }
        rest = rest.dropFirst(boundary.count)
        while !rest.starts(with: Array("--".utf8)) {
            guard rest.starts(with: lineEnd), let headEnd = find(lineEnd + lineEnd, in: rest),
                let end = find(lineEnd + boundary, in: rest[headEnd...])
            else { throw WebError(.badRequest, "The form is cut short.") }
            let head = String(decoding: rest[..<headEnd], as: UTF8.self)
            if isFile(head) {
                // The empty line before the content is of the head where both meet.
                files.append(rest[min(headEnd + 2 * lineEnd.count, end)..<end])
            }
            rest = rest[(end + lineEnd.count + boundary.count)...]
        }
        guard let file = files.first else { throw WebError(.unsupportedMediaType, "The form has no file.") }
        guard files.count == 1 else {
            throw WebError(.badRequest, "The form has \(files.count) files; send one at a time.")
        }
        return Array(file)
    }

    private static let lineEnd: [UInt8] = [0x0D, 0x0A]

    private static func isFile(_ head: String) -> Bool {
        head.components(separatedBy: "\r\n").contains {
            let line = $0.lowercased()
            return line.hasPrefix("content-disposition:") && (line.contains("filename=") || line.contains("filename*="))
        }
    }

    /// Where `pattern` first begins.
    private static func find(_ pattern: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
        guard let first = pattern.first else { return nil }
        var rest = bytes
        while let at = rest.firstIndex(of: first) {
            rest = rest[at...]
            if rest.starts(with: pattern) { return at }
            rest = rest.dropFirst()
        }
        return nil
    }
}
