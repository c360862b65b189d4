import ModelFiles
import Testing

@Suite struct CRC32Tests {
    /// Against the bitwise definition, which the archives here are made with; every length up to a few steps of eight.
    @Test func itIsTheBitwiseOne() throws {
        #expect(CheckpointBytes.checksum(Array("123456789".utf8)) == 0xCBF4_3926)
        for count in 1..<40 {
            let pickle = CheckpointBytes.dictionary([
                ("w", CheckpointBytes.tensor(type: "torch.ByteStorage", count: count, shape: [count], strides: [1]))
            ])
            let data = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 73 &+ count) }
            let state = try TorchCheckpoint.read(CheckpointBytes.torch(pickle, storages: ["0": data]), named: "t")
                .tensors
            #expect(state["w"]?.values == data.map(Float.init))
        }
    }
}
