/// `calibration.json`: how well calibrated a model is, and the scaling to apply to other predictions of it.
///
/// Applied is `{"version": 1, "scaling": {"temperature": …, "per_label": […]}}`; the rest is for people.
public enum CalibrationFile {
    private struct Content: Decodable {
        var version: Int
        var scaling: ScoreScaling
    }

    public static func json(_ calibration: Calibration) throws -> String {
        try JSON.text(calibration, compact: true) + "\n"
    }

    /// The scaling of a file, or of a folder that holds one.
    /// - Throws: `InputError` for another file, or a scaling that could not be applied.
    public static func read(_ path: String) throws -> ScoreScaling {
        let path = FileTree.kind(of: path) == .folder ? path + "/" + Calibration.file : path
        guard let content = try? JSON.decode(Content.self, from: FileBytes.read(path)), content.version == 1 else {
            guard FileTree.kind(of: path) != nil else {
                throw InputError("there is no calibration", at: path, expected: "a calibration.json", got: "nothing")
            }
            throw InputError("is no calibration", at: path, expected: "a calibration.json", got: "other JSON or text")
        }
        let scaling = content.scaling
        for (name, value) in [("all labels", scaling.temperature)]
            + scaling.perLabel.map({ ($0.label, $0.temperature) })
        where !(value.map { $0.isFinite && $0 > 0 } ?? true) {
            throw InputError(
                "a temperature cannot be used", at: path, expected: "a number above 0 for \(name)",
                got: value.map { "\($0)" })
        }
        for label in scaling.perLabel {
            guard let map = label.isotonic else { continue }
            let isRising = zip(map.scores, map.scores.dropFirst()).allSatisfy { $0 < $1 }
            guard isRising, !map.scores.isEmpty, map.scores.count == map.probabilities.count,
                map.probabilities.allSatisfy({ (0...1).contains($0) })
            else {
                throw InputError(
                    "an isotonic map cannot be used", at: path,
                    expected: "rising scores, each with a probability, for '\(label.label)'")
            }
        }
        return scaling
    }
}
