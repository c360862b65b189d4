import Neural

/// A file of weights in any format that is known, told by its content.
public enum WeightsFile {
    /// Reads `.safetensors`, or what `torch.save` wrote, whatever it is called.
    /// - Throws: `ModelFileError`.
    public static func read(_ bytes: [UInt8], named file: String) throws -> Contents {
        isSafeTensors(bytes, named: file)
            ? Contents(tensors: try SafeTensors.read(bytes, named: file).tensors)
            : try TorchCheckpoint.read(bytes, named: file)
    }

    /// The weights of a file, which may have held more than one set of them.
    public struct Contents: Sendable {
        public let tensors: StateDictionary
        /// The key that they stood under, and those of the sets that were left.
        public var key: String?
        public var otherKeys: [String] = []

        /// What was taken and what was left; nil where there was no choice.
        public var remark: String? {
            guard let key, !otherKeys.isEmpty else { return nil }
            return "the weights under \(key.quoted) are taken, those under "
                + "\(otherKeys.map(\.quoted).joined(separator: ", ")) left"
        }
    }

    /// A header's length and its brace; where there is neither that nor the start of a zip or a pickle, the name decides.
    public static func isSafeTensors(_ bytes: [UInt8], named file: String) -> Bool {
        if ZipArchive.isOne(bytes) { return false }
        if bytes.count > 8, bytes[8] == UInt8(ascii: "{") { return true }
        let isPickle = bytes.count > 1 && bytes[0] == 0x80 && (2...5).contains(bytes[1])
        return !isPickle && file.hasSuffix(".safetensors")
    }
}
