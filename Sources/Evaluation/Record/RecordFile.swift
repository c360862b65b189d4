import Foundation

/// `record.json` and `top_losses.csv`.
public enum RecordFile {
    public static let name = "record.json"

    public static func json(_ record: EvaluationRecord) throws -> String {
        try ByteSink.text { try RecordWriter(record, threads: Parallel.threads).json(&$0) }
    }

    /// Writes `record.json` image by image, and so in little memory.
    public static func write(_ record: EvaluationRecord, to path: String, threads: Int? = nil) throws {
        try FileBytes.write(to: path) { try RecordWriter(record, threads: threads ?? Parallel.threads).json(&$0) }
    }

    /// Writes `top_losses.csv` in the same way.
    public static func writeTopLosses(_ record: EvaluationRecord, to path: String, threads: Int? = nil) throws {
        try FileBytes.write(to: path) { try RecordWriter(record, threads: threads ?? Parallel.threads).topLosses(&$0) }
    }

    /// What it writes: `rank,fname,target,predicted,loss,<label>…`.
    public static func topLossesCSV(_ record: EvaluationRecord) throws -> String {
        try ByteSink.text { try RecordWriter(record, threads: Parallel.threads).topLosses(&$0) }
    }

    /// Writes `predictions.csv`, the scores that were measured, in the same way; they read back as the same bits.
    public static func writePredictions(_ record: EvaluationRecord, to path: String, threads: Int? = nil) throws {
        try FileBytes.write(to: path) {
            try RecordWriter(record, threads: threads ?? Parallel.threads).predictions(&$0)
        }
    }

    /// Reads a record, or a folder that holds one, and checks that it hangs together.
    /// - Throws: `InputError`.
    public static func read(_ path: String) throws -> EvaluationRecord {
        var isFolder: ObjCBool = false
        let file =
            FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
            ? path + "/" + name : path
        let bytes = try FileBytes.read(file)
        let record: EvaluationRecord
        do {
            record = try RecordReader.read(bytes)
        } catch {
            throw InputError(
                "is no evaluation record", at: file, expected: "a record.json of this program",
                got: "other JSON or text")
        }
        guard record.version == 1 else {
            throw InputError("unknown record version", at: file, expected: "1", got: "\(record.version)")
        }
        let labels = record.labels.indices
        let fits =
            record.thresholds.count == labels.count && record.perLabel.map(\.label) == record.labels
            && record.confusion.labels.count == labels.count + 1
            && record.confusion.matrix.count == labels.count + 1
            && record.confusion.matrix.allSatisfy { $0.count == labels.count + 1 }
            && record.topLosses.allSatisfy { index in
                record.images.indices.contains(index) && record.images.known?[index] != false
            }
            && (record.images.isEmpty || record.images.columns.width == labels.count)
        guard fits else {
            throw InputError("the record contradicts itself", at: file, expected: "counts and indices that agree")
        }
        if let (what, expected) = RecordRanges(record).complaint {
            throw InputError("the record contradicts itself", at: file, expected: expected, got: "\(what) out of range")
        }
        return record
    }
}

extension EvaluationRecord {
    /// Label indices as names joined by `;`.
    public func names(_ indices: [Int]) -> String { indices.map { labels[$0] }.joined(separator: ";") }

    /// The scores that were measured.
    public func scores() throws -> Scores {
        try Scores(names: images.map(\.name), labels: labels, values: images.flatMap(\.scores))
    }

    /// What a reader of the figures must know, a sentence each.
    public var remarks: [String] { [trainedOnRemark, withoutPositives].compactMap { $0 } }

    private var trainedOnRemark: String? {
        guard let trainedOn, trainedOn > 0 else { return nil }
        return "the model was trained on \(trainedOn) of these \(images.count) images: figures of those tell what it "
            + "learned by heart"
    }

    /// A sentence on the labels that no image carries, of which recall and the like are undefined; nil if there are none.
    public var withoutPositives: String? {
        let labels = NameSample(perLabel.filter { $0.support == 0 }.map(\.label))
        guard labels.count > 0, figures.count > 0 else { return nil }
        return "no image carries \(labels.text(showing: 20)): recall, average precision and ROC AUC are undefined there"
    }

    /// Right and wrong decisions in words: accuracy_multi of 0.944 over 203 images of 8 labels is 91 wrong ones.
    public var wrongDecisions: Int { perLabel.reduce(0) { $0 + $1.fp + $1.fn } }
}
