/// The arrays of a `.npz`, a zip archive of `.npy` files.
///
/// Format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT; of it, what `np.savez` and `np.savez_compressed` write,
/// which is Zip64 from 4 GiB on.
struct NumPyArchive {
    private struct Member {
        let name: String
        let method: Int
        let checksum: Int
        /// Bytes in the archive, and of the array.
        let packed: Int
        let size: Int
        /// Where its local header begins.
        let start: Int
    }

    private let bytes: [UInt8]
    private let file: String
    private let members: [Member]

    init(_ bytes: [UInt8], named file: String) throws {
        (self.bytes, self.file) = (bytes, file)
        members = try Self.directory(bytes, file)
    }

    private static func refuse(_ got: String, _ file: String) -> InputError {
        InputError("is no usable .npz", at: file, expected: "arrays saved by np.savez", got: got)
    }

    private static func number(_ bytes: [UInt8], _ at: Int, _ width: Int) -> Int? {
        guard at >= 0, at <= bytes.count - width else { return nil }
        let value = bytes[at..<at + width].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Int(exactly: value)
    }

    private static func directory(_ bytes: [UInt8], _ file: String) throws -> [Member] {
        func number(_ at: Int, _ width: Int) -> Int? { Self.number(bytes, at, width) }
        // The end record, which a comment of at most 65,535 bytes may follow.
        guard bytes.count >= 22,
            let end = stride(from: bytes.count - 22, through: max(0, bytes.count - 65_557), by: -1).first(where: {
                number($0, 4) == 0x0605_4B50
            }),
            var count = number(end + 10, 2), var at = number(end + 16, 4)
        else { throw refuse("no zip directory", file) }
        if count == 0xFFFF || at == 0xFFFF_FFFF {
            guard number(end - 20, 4) == 0x0706_4B50, let wide = number(end - 12, 8), number(wide, 4) == 0x0606_4B50,
                let wideCount = number(wide + 32, 8), let wideAt = number(wide + 48, 8)
            else { throw refuse("a damaged archive", file) }
            (count, at) = (wideCount, wideAt)
        }
        var members: [Member] = []
        for _ in 0..<count {
            guard number(at, 4) == 0x0201_4B50, let method = number(at + 10, 2), let checksum = number(at + 16, 4),
                let packed = number(at + 20, 4), let size = number(at + 24, 4), let name = number(at + 28, 2),
                let extra = number(at + 30, 2), let comment = number(at + 32, 2), let start = number(at + 42, 4),
                name + extra <= bytes.count - at - 46,
                let text = String(validating: bytes[at + 46..<at + 46 + name], as: UTF8.self),
                let wide = widened([size, packed, start], bytes[at + 46 + name..<at + 46 + name + extra])
            else { throw refuse("a damaged archive", file) }
            members.append(
                Member(
                    name: text, method: method, checksum: checksum, packed: wide[1], size: wide[0], start: wide[2]))
            at += 46 + name + extra + comment
        }
        return members
    }

    /// The numbers, of which those too large for 32 bits stand in the Zip64 field among the extra ones, in this order.
    private static func widened(_ numbers: [Int], _ extra: ArraySlice<UInt8>) -> [Int]? {
        guard numbers.contains(0xFFFF_FFFF) else { return numbers }
        let extra = Array(extra)
        var at = 0
        while let kind = number(extra, at, 2), let size = number(extra, at + 2, 2) {
            guard kind == 1 else {
                at += 4 + size
                continue
            }
            var next = at + 4
            var wide: [Int] = []
            for number in numbers {
                guard number == 0xFFFF_FFFF else {
                    wide.append(number)
                    continue
                }
                guard next + 8 <= at + 4 + size, let value = Self.number(extra, next, 8) else { return nil }
                wide.append(value)
                next += 8
            }
            return wide
        }
        return nil
    }

    /// The `.npy` file of an array, and what to call it in messages.
    /// - Parameter name: as NumPy names it, without `.npy`; nil for the only one.
    func array(_ name: String?) throws -> (bytes: [UInt8], place: String) {
        let names = members.map { $0.name.hasSuffix(".npy") ? String($0.name.dropLast(4)) : $0.name }
        guard let at = name.map({ names.firstIndex(of: $0) }) ?? (names.count == 1 ? 0 : nil) else {
            var sample = NameSample()
            for name in names { sample.add(name) }
            throw InputError(
                name == nil ? "holds several arrays" : "lacks an array", at: file,
                expected: name.map { "'\($0)'" } ?? "--array with one of them",
                got: names.isEmpty ? "no arrays" : sample.text())
        }
        let member = members[at]
        let place = "\(file), array '\(names[at])'"
        func refuse(_ got: String) -> InputError { Self.refuse(got, place) }
        func number(_ at: Int, _ width: Int) -> Int? { Self.number(bytes, at, width) }
        guard number(member.start, 4) == 0x0403_4B50, let title = number(member.start + 26, 2),
            let extra = number(member.start + 28, 2)
        else { throw refuse("a damaged archive") }
        // The header was there, so that this is no overflow.
        let start = member.start + 30 + title + extra
        guard start <= bytes.count, member.packed <= bytes.count - start else {
            throw refuse("an entry beyond the end of the file")
        }
        let packed = bytes[start..<start + member.packed]
        guard [0, 8].contains(member.method) else {
            throw refuse("an array packed by method \(member.method)")
        }
        let array = member.method == 8 ? Inflate.bytes(packed, size: member.size) : Array(packed)
        guard let array, array.count == member.size, Inflate.checksum(array) == member.checksum else {
            throw refuse("a damaged array")
        }
        return (array, place)
    }
}
