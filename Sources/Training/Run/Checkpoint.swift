import Evaluation
import ModelFiles
import Neural

/// `checkpoint.safetensors`: weights, running statistics, optimiser, settings and position. It alone decides how a training
/// goes on, and holds neither a time nor a path, so equal trainings write equal bytes.
public struct Checkpoint: Sendable {
    public static let file = "checkpoint.safetensors"
    /// That of a finished run, while fits that were added to it train.
    static let earlierFile = "checkpoint.earlier.safetensors"

    /// With the fits that were still to come.
    public var config: RunConfig
    public let position: TrainingPosition
    /// `Dataset.digest` of what it was trained on.
    public let data: String
    /// `Dataset.lengthsDigest` of it; nil of earlier versions.
    let lengths: String?
    /// The network's tensors under their own names, the optimiser's below `optimizer.`, an average's below `average.`, and
    /// those of the fit's best epoch below `best.`.
    public let state: StateDictionary

    /// Whether every epoch of every fit is done.
    public var isFinished: Bool { position.fit == config.fits.count }

    /// The file.
    public func bytes() throws -> [UInt8] { SafeTensors.write(state, metadata: try metadata()) }

    /// Puts the file at `path`, whole or not at all.
    public func write(to path: String) throws {
        let metadata = try metadata()
        try FileBytes.write(to: path) { sink in
            try SafeTensors.write(state, metadata: metadata) { try sink.write($0) }
        }
    }

    /// Whether image files of a data set are others than those it was trained on, as far as their lengths tell.
    public func hasOtherFiles(than data: Dataset) -> Bool { lengths.map { $0 != data.lengthsDigest } ?? false }

    private func metadata() throws -> [String: String] {
        var metadata = [
            "config": try JSON.text(config, compact: true), "position": try JSON.text(position, compact: true),
            "data": data,
        ]
        metadata["lengths"] = lengths
        metadata["checksum"] = Self.checksum(state, metadata)
        return metadata
    }

    /// XXH64 in hex of all the rest, name after name.
    private static func checksum(_ state: StateDictionary, _ metadata: [String: String]) -> String {
        var sum: UInt64 = 0
        func add(_ text: String) { sum = Array(text.utf8).withUnsafeBytes { XXH64.of($0, seed: sum) } }
        for key in metadata.keys.sorted() where key != "checksum" {
            add(key)
            add(metadata[key] ?? "")
        }
        for name in state.keys.sorted() {
            add(name)
            state[name]?.values.withUnsafeBytes { sum = XXH64.of($0, seed: sum) }
        }
        return String(sum, radix: 16)
    }

    init(config: RunConfig, position: TrainingPosition, data: String, lengths: String?, state: StateDictionary) {
        self.config = config
        self.position = position
        self.data = data
        self.lengths = lengths
        self.state = state
    }

    /// - Throws: `InputError` or `ModelFileError` if it is no checkpoint or contradicts itself.
    public init(_ bytes: [UInt8], named file: String) throws {
        let (state, metadata) = try SafeTensors.read(bytes, named: file)
        guard let config = metadata["config"], let position = metadata["position"], let data = metadata["data"],
            let position = try? JSON.decode(TrainingPosition.self, from: Array(position.utf8))
        else {
            throw InputError(
                "is no checkpoint", at: file, expected: "a checkpoint.safetensors of assay train", got: "other tensors")
        }
        // Earlier versions had none.
        if let checksum = metadata["checksum"], checksum != Self.checksum(state, metadata) {
            throw InputError(
                "the checkpoint is damaged", at: file, expected: "what its checksum says", got: "other numbers")
        }
        self.init(
            config: try RunConfig.parse(Array(config.utf8), named: file), position: position, data: data,
            lengths: metadata["lengths"], state: state)
        guard position.fits(self.config.fits) else {
            throw InputError(
                "the checkpoint contradicts itself", at: file, expected: "a position inside its fits",
                got: "fits of \(position.done) epochs and \(position.epoch) more")
        }
    }
}

extension StateDictionary {
    /// The same tensors under longer names.
    func below(_ prefix: String) -> StateDictionary {
        StateDictionary(uniqueKeysWithValues: map { (prefix + $0.key, $0.value) })
    }

    /// The tensors whose names start with `prefix`, without it; nil if there are none.
    func under(_ prefix: String) -> StateDictionary? {
        let found = filter { $0.key.hasPrefix(prefix) }
        guard !found.isEmpty else { return nil }
        return StateDictionary(uniqueKeysWithValues: found.map { (String($0.key.dropFirst(prefix.count)), $0.value) })
    }
}
