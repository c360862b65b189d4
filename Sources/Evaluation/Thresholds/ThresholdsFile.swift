/// `thresholds.json`: a threshold for each label, to predict, evaluate, gate and export with.
///
/// Read is `{"version": 1, "thresholds": {"<label>": <0 to 1>, …}}`; whatever stands beside it is for people.
public enum ThresholdsFile {
    public static let name = "thresholds.json"

    private struct Content: Decodable {
        var version: Int
        var thresholds: [String: Double]
    }

    public static func json(_ plan: ThresholdPlan) throws -> String { try JSON.text(plan) + "\n" }

    /// The thresholds of `labels`, in their order.
    /// - Throws: `InputError` unless the file has exactly these labels, each with a threshold from 0 to 1.
    public static func read(_ path: String, labels: [String]) throws -> [Double] {
        let bytes = try FileBytes.read(path)
        guard let content = try? JSON.decode(Content.self, from: bytes), content.version == 1 else {
            throw InputError(
                "is no thresholds file", at: path, expected: "{\"version\": 1, \"thresholds\": {\"label\": 0.5, …}}",
                got: "other JSON or text")
        }
        let extra = Set(content.thresholds.keys).subtracting(labels).sorted()
        guard extra.isEmpty else {
            throw InputError(
                "thresholds for unknown labels", at: path, expected: labels.joined(separator: ", "),
                got: extra.joined(separator: ", "))
        }
        return try labels.map { label in
            guard let value = content.thresholds[label], (0...1).contains(value) else {
                throw InputError(
                    "no usable threshold for '\(label)'", at: path, expected: "a number from 0 to 1",
                    got: content.thresholds[label].map { "\($0)" } ?? "none")
            }
            return value
        }
    }
}
