import ArgumentParser
import Evaluation
import Export

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Says whether every byte of a bundle is what was judged and signed; exit 1 if not.",
        discussion: "Example:\n  assay verify bundle --public-key key.pub.pem")

    @Argument(help: ArgumentHelp("The bundle.", valueName: "bundle"))
    var bundle: String
    @Option(help: ArgumentHelp("The signer's ECDSA P-256 public key.", valueName: "pem"))
    var publicKey: String?

    func run() throws {
        let findings = try BundleVerification.findings(bundle, key: publicKey.map(PEMKey.publicKey))
        for finding in findings {
            try Terminal.print("\(finding.isGood ? "good" : "BAD ")  \(finding.text)".singleLine)
        }
        if !findings.allSatisfy(\.isGood) { throw ExitCode(1) }
    }
}
