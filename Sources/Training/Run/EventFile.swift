import Foundation
import ModelFiles

/// A TensorBoard event file of a history: records of length, masked CRC-32C, data, masked CRC-32C.
public enum EventFile {
    /// TensorBoard reads every file with `tfevents` in its name.
    public static let name = "events.out.tfevents.0.assay"

    /// One event an epoch, at the seconds of training until then: pauses are left out.
    /// - Parameter start: when the training began, in seconds since 1970.
    public static func bytes(_ history: [HistoryEntry], start: Double) -> [UInt8] {
        var file = record(event(seconds: start) { $0.string(3, "brain.Event:2") })
        var seconds = start
        for (index, entry) in history.enumerated() {
            seconds += entry.time
            let values = [
                ("loss/train", entry.trainLoss), ("loss/valid", entry.validLoss),
                ("accuracy_multi", entry.accuracyMulti),
            ]
            file += record(
                event(seconds: seconds) { event in
                    event.integer(2, index)
                    event.message(5) { summary in
                        for (name, value) in values {
                            summary.message(1) {
                                $0.string(1, name)
                                $0.float(2, Float(value))
                            }
                        }
                    }
                })
        }
        return file
    }

    /// When the training of an event file began; nil of what is none. Earlier versions began at 0.
    static func start(of bytes: [UInt8]) -> Double? {
        let first = event(seconds: 0) { _ in }.count
        let head = 8 + 4
        guard bytes.count > head + first else { return nil }
        // The time is the first field, eight bytes after its number.
        let bits = bytes[head + 1..<head + first].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let start = Double(bitPattern: bits)
        return start.isFinite && start > 0 ? start : nil
    }

    private static func event(seconds: Double, _ rest: (inout ProtobufWriter) -> Void) -> [UInt8] {
        var event = ProtobufWriter()
        event.double(1, seconds)
        rest(&event)
        return event.bytes
    }

    private static func record(_ data: [UInt8]) -> [UInt8] {
        func little(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.littleEndian, Array.init) }
        let length = little(UInt64(data.count))
        return length + little(masked(length)) + data + little(masked(data))
    }

    private static func masked(_ bytes: [UInt8]) -> UInt32 {
        let sum = castagnoli(bytes)
        return (sum >> 15 | sum << 17) &+ 0xA282_EAD8
    }

    /// CRC-32C: polynomial 0x1EDC6F41, reflected.
    static func castagnoli(_ bytes: [UInt8]) -> UInt32 {
        var value = UInt32.max
        for byte in bytes {
            value ^= UInt32(byte)
            for _ in 0..<8 { value = value & 1 == 1 ? 0x82F6_3B78 ^ (value >> 1) : value >> 1 }
        }
        return ~value
    }
}
