import ArgumentParser
import AssayWeb
import Evaluation
import Export
import Training

struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serves a model on this machine: a page to drop a photo on, and a JSON API.",
        discussion: """
            Examples:
              assay serve bundle
              assay serve bundle --port 0 --public-key key.pub.pem
              assay serve --model weights.pth --vocab labels.txt --size 224
              curl --data-binary @photo.jpg http://127.0.0.1:8080/predict
              curl -F image=@photo.jpg http://127.0.0.1:8080/predict
              curl http://127.0.0.1:8080/model

            POST /predict takes a JPEG or PNG as its body, or a form with one file, and replies {"labels", "no_prediction", \
            "message", "scores": [{"label", "probability", "threshold", "predicted"}]}, with the figures of assay predict \
            and the model's own thresholds; an error is {"error": "one sentence"}. GET /model describes the model, GET \
            /health says that it is up.

            A bundle is verified first. Only programs on this machine are answered, under its own names: there is no \
            password and no encryption here. From elsewhere, use a tunnel with the same port: ssh -L 8080:127.0.0.1:8080 host.
            """)

    @Argument(help: ArgumentHelp("A bundle or a run folder; or give --model.", valueName: "bundle"))
    var bundle: String?
    @Option(help: ArgumentHelp("The port; 0 takes a free one.", valueName: "n"))
    var port: UInt16 = 8080
    @Option(help: ArgumentHelp("The address: of this machine alone.", valueName: "address"))
    var host = "127.0.0.1"
    @Option(help: ArgumentHelp("The largest image to take, in bytes.", valueName: "n"))
    var maxBytes = 20_000_000
    @Option(help: ArgumentHelp("The ECDSA P-256 public key that a bundle must be signed by.", valueName: "pem"))
    var publicKey: String?
    @OptionGroup var modelOptions: ModelOptions
    @OptionGroup var threadOptions: ThreadOptions

    private var path: String { bundle ?? modelOptions.model ?? "" }

    func validate() throws {
        guard bundle != nil || modelOptions.model != nil else { throw ValidationError("Give a bundle or a model.") }
        guard bundle == nil || modelOptions.model == nil else { throw ValidationError("Give the model once.") }
        guard (1...1 << 30).contains(maxBytes) else {
            throw ValidationError("--max-bytes: expected 1 to \(1 << 30), got \(maxBytes).")
        }
        do { _ = try LoopbackAddress(host) } catch { throw ValidationError("--host: \(error)") }
    }

    func run() throws {
        let isBundle = try OutputManifest.kind(of: path) == .bundle
        guard isBundle || publicKey == nil else {
            throw InputError("--public-key is for bundles", at: path, expected: "a bundle", got: "another model")
        }
        if isBundle { try verify() }
        let settings = ServerSettings(
            address: try LoopbackAddress(host), port: port, threads: threadOptions.count, maximumBytes: maxBytes)
        let server = try ModelServer(modelOptions.load(path), isBundle: isBundle, settings: settings)
        StopSignal.watch()
        try awaiting {
            try await server.run(until: { StopSignal.number != nil }) { url in
                try Terminal.print(url)
                Terminal.note("Ctrl-C ends it.")
            }
        }
    }

    /// What `assay verify` would not call good is not served.
    private func verify() throws {
        let findings = try BundleVerification.findings(path, key: publicKey.map(PEMKey.publicKey))
        guard let bad = findings.first(where: { !$0.isGood }) else { return }
        throw InputError(
            "the bundle is not served", at: path, expected: "one that assay verify finds good", got: bad.text)
    }
}
