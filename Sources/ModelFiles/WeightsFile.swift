import Neural

/// A file of weights in any format that is known, told by its content.
public enum WeightsFile {
    /// Reads `.safetensors`, or what `torch.save` wrote, whatever it is called.
    /// - Throws: `ModelFileError`.
    public static func read(_ bytes: [UInt8], named file: String) throws -> StateDictionary {
        isSafeTensors(bytes, named: file)
            ? try SafeTensors.read(bytes, named: file).tensors : try TorchCheckpoint.read(bytes, named: file)
    }

    /// A header's length and its brace; where there is neither that nor the start of a zip or a pickle, the name decides.
    public static func isSafeTensors(_ bytes: [UInt8], named file: String) -> Bool {
        if ZipArchive.isOne(bytes) { return false }
        if bytes.count > 8, bytes[8] == UInt8(ascii: "{") { return true }
        let isPickle = bytes.count > 1 && bytes[0] == 0x80 && (2...5).contains(bytes[1])
        return !isPickle && file.hasSuffix(".safetensors")
    }
}
