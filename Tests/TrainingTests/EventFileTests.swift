import Evaluation
import Foundation
import Testing
import Training

/// A number of up to eight bytes, the lowest first.
func little(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) } }

/// Read again by hand, as TensorBoard reads it; Fixtures/check_events.py reads a run with TensorBoard itself.
@Suite struct EventFileTests {
    private let history = [
        HistoryEntry(epoch: 0, trainLoss: 0.75, validLoss: 0.5, accuracyMulti: 0.25, time: 2),
        HistoryEntry(epoch: 0, trainLoss: 0.625, validLoss: .nan, accuracyMulti: 1, time: 1.5),
    ]

    /// CRC-32C by polynomial division of the bits, unreflected.
    private func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        var register: UInt64 = 0xFFFF_FFFF
        func shift(_ bit: UInt64) {
            let out = register >> 31 & 1
            register = register << 1 & 0xFFFF_FFFF
            if out ^ bit == 1 { register ^= 0x1EDC_6F41 }
        }
        for byte in bytes { for bit in 0..<8 { shift(UInt64(byte >> bit & 1)) } }
        let reversed = (0..<32).reduce(UInt32(0)) { $0 | UInt32(register >> $1 & 1) << (31 - $1) }
        let sum = ~reversed
        return (sum >> 15 | sum << 17) &+ 0xA282_EAD8
    }

    /// Field number -> raw value of one message; every length here is below 128.
    private func fields(_ bytes: ArraySlice<UInt8>) -> [(number: Int, value: ArraySlice<UInt8>)] {
        var (rest, found) = (bytes, [(Int, ArraySlice<UInt8>)]())
        while let tag = rest.popFirst() {
            let count: Int
            switch tag & 7 {
            case 1: count = 8
            case 5: count = 4
            case 2: count = Int(rest.popFirst() ?? 0)
            default: count = 1
            }
            found.append((Int(tag >> 3), rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        return found
    }

    @Test func holdsEveryEpoch() throws {
        var rest = EventFile.bytes(history, start: 1e9)[...]
        var events: [[(number: Int, value: ArraySlice<UInt8>)]] = []
        while !rest.isEmpty {
            let length = Int(little(rest.prefix(8)))
            #expect(little(rest.dropFirst(8).prefix(4)) == UInt64(checksum(rest.prefix(8))))
            let data = rest.dropFirst(12).prefix(length)
            #expect(data.count == length)
            #expect(little(rest.dropFirst(12 + length).prefix(4)) == UInt64(checksum(data)))
            events.append(fields(data))
            rest = rest.dropFirst(16 + length)
        }
        #expect(events.count == 3)
        #expect(events[0].map(\.number) == [1, 3] && events[0][1].value.elementsEqual("brain.Event:2".utf8))
        for (index, entry) in history.enumerated() {
            let event = events[index + 1]
            #expect(event.map(\.number) == [1, 2, 5])
            #expect(Double(bitPattern: little(event[0].value)) == [1e9 + 2, 1e9 + 3.5][index])
            #expect(little(event[1].value) == UInt64(index))
            let values = fields(event[2].value).map { fields($0.value) }
            #expect(
                values.map { String(decoding: $0[0].value, as: UTF8.self) } == [
                    "loss/train", "loss/valid", "accuracy_multi",
                ])
            let figures = values.map { Float(bitPattern: UInt32(little($0[1].value))) }
            let expected = [entry.trainLoss, entry.validLoss, entry.accuracyMulti].map(Float.init)
            #expect(figures.map(\.bitPattern) == expected.map(\.bitPattern))
        }
    }
}
