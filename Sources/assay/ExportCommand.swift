import ArgumentParser
import Crypto
import Evaluation
import Export
import Foundation
import Training

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Exports a model as a signed bundle, only if it passes its golden set.",
        discussion: """
            Examples:
              assay export --model run --goldens Goldens/masks --out bundle
              assay export --model run --goldens tests --out bundle --private-key key.pem
              assay export --model run --goldens tests --out b --thresholds thresholds.json

            Make a key with: openssl ecparam -name prime256v1 -genkey -noout -out key.pem
            Without one the bundle is sealed with a key made for it and thrown away.
            """)

    @Option(help: ArgumentHelp("The folder with golden.yaml.", valueName: "dir"))
    var goldens: String
    @Option(help: ArgumentHelp("The bundle to write.", valueName: "dir"))
    var out: String
    @Option(help: ArgumentHelp("An ECDSA P-256 private key that signs the bundle.", valueName: "pem"))
    var privateKey: String?
    @Option(help: ArgumentHelp("An earlier record of the golden images, for rules that compare.", valueName: "file"))
    var baseline: String?
    @OptionGroup var thresholdOptions: BakedThresholdOptions
    @OptionGroup var modelOptions: ModelOptions
    @OptionGroup var threadOptions: ThreadOptions

    func validate() throws {
        guard modelOptions.model != nil else { throw ValidationError("Missing expected argument '--model <model>'.") }
    }

    func run() throws {
        try OutputPlace.check(
            out, for: .bundle,
            inputs: [goldens, baseline, privateKey, thresholdOptions.thresholds] + modelOptions.inputs)
        let key = try privateKey.map(PEMKey.privateKey)
        let model = try thresholdOptions.apply(modelOptions.load(modelOptions.model ?? ""))
        let result = try Gating.judge(
            model: model, goldens: goldens, baseline: baseline.map(RecordFile.read), threads: threadOptions.count)
        let verdict = result.judgement.verdict
        try Terminal.print(VerdictFiles.lines(verdict).joined(separator: "\n"))
        guard let pass = result.judgement.pass else {
            Terminal.note("not exported: the gate is \(verdict.outcome.rawValue)")
            throw ExitCode(verdict.outcome == .passed ? 2 : verdict.outcome.exitCode)
        }
        // However easy its golden set is, nobody means to ship the weights that a training started from.
        guard try !RunFolder.isUntrained(modelOptions.model ?? "") else {
            Terminal.note(
                "not exported: \(modelOptions.model ?? "") has not been trained; expected at least 1 epoch, got 0"
                    .singleLine)
            throw ExitCode(1)
        }
        try BundleFolder.write(model, pass: pass, key: key, to: out)
        try Terminal.print("bundle: \(out)".singleLine)
    }
}
