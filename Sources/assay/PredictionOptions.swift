import ArgumentParser
import Evaluation

/// Files of predictions, by the ending of their name: a wide or long CSV, or `.npy` / `.npz` with names and labels beside.
struct PredictionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Scores instead of a model: a wide CSV fname,<label>,…, a long one fname,label,score, or .npy/.npz [N, C] with --names and --vocab.",
            valueName: "file"))
    var predictions: String?

    @Flag(help: "The predictions are logits.")
    var logits = false

    @Option(help: ArgumentHelp("Which array of a .npz (default: the only one).", valueName: "name"))
    var array: String?

    @Option(help: ArgumentHelp("Image names of an array's rows, one a line.", valueName: "file"))
    var names: String?

    func validate() throws {
        let given = [("--logits", logits), ("--array", array != nil), ("--names", names != nil)]
        if predictions == nil, let name = given.first(where: \.1)?.0 {
            throw ValidationError("\(name) goes with --predictions.")
        }
    }

    /// The files that these options name.
    var inputs: [String?] { [predictions, names] }

    func read(_ path: String, vocab: String?, nameColumn: String = "fname") throws -> Scores {
        try readTable(path, vocab: vocab, nameColumn: nameColumn).scores()
    }

    func readTable(_ path: String, vocab: String?, nameColumn: String = "fname") throws -> ScoreTable {
        let table = try table(path, vocab: vocab, nameColumn: nameColumn)
        for remark in logits ? table.logitRemarks : [] { Terminal.note("\(path): \(remark)".singleLine) }
        return table
    }

    private func table(_ path: String, vocab: String?, nameColumn: String) throws -> ScoreTable {
        guard path.hasSuffix(".npy") || path.hasSuffix(".npz") else {
            return try Predictions.readTable(path, nameColumn: nameColumn, areLogits: logits)
        }
        guard let names, let vocab else { throw InputError("an array needs --names and --vocab", at: path) }
        return try Predictions.readArray(path, names: names, vocab: vocab, array: array, areLogits: logits)
    }
}
