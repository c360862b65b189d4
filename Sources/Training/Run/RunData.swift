import Evaluation
import Foundation

/// Where a run's images and labels were, so that `--resume` needs no other word; `data.json` of a run.
public struct RunData: Codable, Sendable, Equatable {
    /// Absolute paths.
    public var labels: String
    public var images: String
    public var nameColumn: String
    public var labelsColumn: String
    public var labelDelimiter: String

    public static let file = "data.json"

    public init(labels: String, images: String, format: LabelTable.Format) {
        self.labels = Self.absolute(labels)
        self.images = Self.absolute(images)
        (nameColumn, labelsColumn) = (format.nameColumn, format.labelsColumn)
        labelDelimiter = format.delimiter
    }

    private static func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }

    /// The same data in other places; nil for what has not moved.
    public func moved(labels: String?, images: String?) -> RunData {
        var moved = self
        if let labels { moved.labels = Self.absolute(labels) }
        if let images { moved.images = Self.absolute(images) }
        return moved
    }

    public static func read(_ run: String) throws -> RunData {
        let file = "\(run)/\(Self.file)"
        let bytes = try FileBytes.read(file)
        do { return try JSON.decode(RunData.self, from: bytes) } catch {
            throw InputError("does not say where the data are", at: file, expected: "data.json of a run")
        }
    }

    /// The labels, from the CSV or from a folder with a sub-folder a label.
    public func table() throws -> LabelTable {
        var format = LabelTable.Format()
        (format.nameColumn, format.labelsColumn) = (nameColumn, labelsColumn)
        format.delimiter = labelDelimiter
        return try .read(anyOf: labels, format: format)
    }
}
