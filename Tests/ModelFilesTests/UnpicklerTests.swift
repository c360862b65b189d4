import ModelFiles
import Testing

/// Pickles that want more than weights do.
@Suite struct UnpicklerTests {
    /// What reading says of a file whose pickle is `opcodes`, both in the zip and on its own.
    private func refusal(_ opcodes: [UInt8]) -> String {
        let inZip = #expect(throws: ModelFileError.self) {
            try TorchCheckpoint.read(CheckpointBytes.torch(opcodes), named: "t")
        }
        let alone = #expect(throws: ModelFileError.self) { try TorchCheckpoint.read(opcodes, named: "t") }
        // On its own, what does not even start as a pickle may be anything.
        if inZip?.description.contains("wants to run") == true { #expect(inZip == alone) }
        #expect(inZip?.description.contains("\n") == false)
        return inZip?.description ?? ""
    }

    private func refusal(_ opcodes: String) -> String { refusal(Array(opcodes.utf8)) }

    @Test(arguments: [
        "os.system", "posix.system", "builtins.eval", "__builtin__.getattr", "subprocess.Popen", "torch.load",
        "torch.nn.Module", "collections.OrderedDict.fromkeys", "numpy.load",
        "torch._utils._rebuild_tensor", "torch.storage._load_from_bytes",
    ])
    func aStrangeGlobalIsRefusedByName(_ name: String) {
        let call = CheckpointBytes.global(name) + CheckpointBytes.tuple([CheckpointBytes.text("id")]) + [0x52, 0x2E]
        #expect(refusal(call).contains("wants to run '\(name)'"))
        // Hidden: module and name come from the memo.
        let dot = name.lastIndex(of: ".") ?? name.startIndex
        let hidden: [UInt8] =
            [0x80, 4] + CheckpointBytes.text(String(name[name.index(after: dot)...])) + [0x71, 1, 0x71, 2]
            + CheckpointBytes.text(String(name[..<dot])) + [0x94, 0x68, 1, 0x93, 0x29, 0x52, 0x2E]
        #expect(refusal(hidden).contains("wants to run '\(name)'"))
    }

    @Test func aRefusalSaysTheWayOut() {
        func hint(_ name: String) -> String { refusal(CheckpointBytes.global(name) + [0x2E]) }
        #expect(hint("fastai.learner.Learner").contains("load_learner('export.pkl')"))
        for name in ["torchvision.models.resnet.ResNet", "timm.models.resnet.ResNet", "torch.nn.modules.conv.Conv2d"] {
            #expect(hint(name).contains("save the model's state_dict() instead"))
        }
        for name in ["torch.CharStorage", "torch.EvilStorage"] {
            #expect(hint(name).contains("numbers of a type that weights do not have, '\(name)'; expected F64"))
        }
        #expect(hint("__main__.Trainer").contains("torch.save(checkpoint['state_dict']"))
    }

    @Test func protocol0sCallIsRefusedByName() {
        #expect(refusal("cos\nsystem\n(S'id'\ntR.").contains("wants to run 'os.system'"))
        #expect(refusal("(S'id'\nios\nsystem\n.").contains("opcode"))
        #expect(refusal("(cos\nsystem\nS'id'\no.").contains("wants to run 'os.system'"))
    }

    @Test func aHostileNameIsCut() {
        let line = refusal("cos\n" + String(repeating: "x", count: 100_000) + "\n.")
        #expect(line.utf8.count < 400 && line.contains("'os.xxx"))
    }

    @Test func strangersAreNeitherCalledNorGivenAttributes() {
        let ordered = CheckpointBytes.global("collections.OrderedDict")
        #expect(refusal(CheckpointBytes.text("f") + [0x29, 0x52, 0x2E]).contains("a call of the text 'f'"))
        #expect(refusal(CheckpointBytes.tensor() + [0x29, 0x52, 0x2E]).contains("a call of a tensor"))
        #expect(refusal(ordered + [0x7D, 0x62, 0x2E]).contains("attributes of 'collections.OrderedDict'"))
        #expect(refusal(CheckpointBytes.tensor() + [0x7D, 0x62, 0x2E]).contains("attributes of a tensor"))
        #expect(refusal(ordered + [0x4B, 1, 0x85, 0x52, 0x2E]).contains("something else than pairs"))
        #expect(refusal(CheckpointBytes.global("torch.FloatStorage") + [0x29, 0x81, 0x2E]).contains("a call of"))
    }

    @Test(arguments: [
        "", ".", "q\0.", "h\0.", "}u.", "(u.", "t.", "a.", "]a.", "(K\u{1}", "NNs.", "}Ns.", "}(NNNu.", "R.", "b.",
        "Q.", "NQ.",
        "\u{1}.", "K", "X\u{7}\0\0\0ab.", "cos", "c\n\n.", "(N\u{1}0.", "}.", "N.", "J\u{1}\u{1}\u{1}\u{1}.", "(]a.",
    ])
    func unfinishedOnesAreRefused(_ opcodes: String) { #expect(!refusal(opcodes).isEmpty) }

    /// Two's complement of each width.
    @Test func numbersBelow0AreRead() {
        for number: [UInt8] in [[0x4A, 0xFE, 0xFF, 0xFF, 0xFF], [0x8A, 1, 0xFE], [0x8A, 2, 0xFE, 0xFF]] {
            let (normal, found) = (CheckpointBytes.number(7), CheckpointBytes.tensor(offset: 7))
            let at = found.indices.first { found[$0...].starts(with: normal) } ?? 0
            let tensor = found[..<at] + number + found[(at + normal.count)...]
            #expect(refusal(CheckpointBytes.dictionary([("w", Array(tensor))])).contains("got offset -2, size"))
        }
    }

    @Test func protocolsAndLengthsBeyondTheEndAreRefused() {
        #expect(refusal([0x80, 6, 0x4E, 0x2E]).contains("protocol 6"))
        #expect(refusal([0x80, 4, 0x8D] + [UInt8](repeating: 0xFF, count: 8) + [0x2E]).contains("beyond the end"))
        #expect(refusal([0x80, 4, 0x8D] + CheckpointBytes.little(.max, 8) + [0x2E]).contains("an end in the middle"))
        #expect(refusal([0x58, 1, 0, 0, 0, 0xFF, 0x2E]).contains("UTF-8"))
    }

    @Test func nestingIsCapped() {
        func nested(_ count: Int) -> [UInt8] { [0x29] + [UInt8](repeating: 0x85, count: count) + [0x2E] }
        #expect(refusal(nested(64)).contains("nesting deeper than 64"))
        #expect(
            refusal(nested(62)).contains("holds no state dictionary"))
        #expect(refusal([UInt8](repeating: 0x28, count: 65) + [0x2E]).contains("nesting deeper than 64"))
        #expect(refusal([UInt8](repeating: 0x28, count: 1_000_000)).contains("nesting deeper than 64"))
        // A list that is put into itself again and again.
        let own = [UInt8]([0x5D, 0x71, 0]) + (0..<100).flatMap { _ -> [UInt8] in [0x68, 0, 0x61] } + [0x2E]
        #expect(refusal(own).contains("nesting deeper than 64"))
    }

    @Test func countsAreCapped() {
        // A list of pairs, made a dictionary again and again.
        let pairs =
            [UInt8]([0x5D, 0x28]) + [[UInt8]](repeating: [0x4E, 0x4E, 0x86], count: 100_000).flatMap { $0 } + [0x65]
        let copies = [[UInt8]](repeating: [0x68, 0, 0x68, 1, 0x52], count: 1000).flatMap { $0 }
        let bomb =
            CheckpointBytes.global("collections.OrderedDict") + [0x71, 0] + pairs + [0x85, 0x71, 1] + copies + [0x2E]
        #expect(refusal(bomb).contains("more than 10000000 items"))
        #expect(refusal([UInt8](repeating: 0x4E, count: 1_000_001) + [0x2E]).contains("more than 1000000 values"))
        #expect(refusal([UInt8](repeating: 0x29, count: 1_000_001) + [0x2E]).contains("more than 1000000 values"))
    }
}
