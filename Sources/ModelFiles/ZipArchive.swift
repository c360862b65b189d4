/// The entries of a zip archive that are stored as they are, as `torch.save` writes them; zip64 included.
///
/// Format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT. Nothing is unpacked, so no archive is larger in
/// memory than on disk.
struct ZipArchive {
    static let maximumEntries = 100_000

    private let bytes: [UInt8]
    private let file: String
    private var spans: [String: (data: Range<Int>, checksum: UInt32, isStored: Bool)] = [:]

    /// Whether a file starts like an archive.
    static func isOne(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x50, 0x4B, 3, 4]) }

    /// - Throws: `ModelFileError` for what is damaged, encrypted, named twice, named outside of the archive, or overlaps.
    init(_ bytes: [UInt8], named file: String) throws {
        self.bytes = bytes
        self.file = file
        let (count, start, end) = try directory()
        var at = start
        for _ in 0..<count { try addEntry(&at, end: end) }
        guard at == end else { throw fail("its directory has \(end - at) bytes more than its \(count) entries") }
        var last = 0
        for (name, span) in spans.sorted(by: { $0.value.data.lowerBound < $1.value.data.lowerBound })
        where !span.data.isEmpty {
            guard span.data.lowerBound >= last else { throw fail("\(name.quoted) overlaps the entry before it") }
            last = span.data.upperBound
        }
    }

    var names: some Collection<String> { spans.keys }

    func contains(_ name: String) -> Bool { spans[name] != nil }

    /// An entry's bytes, after their checksum.
    /// - Throws: `ModelFileError` if it is missing, compressed or damaged.
    func entry(_ name: String) throws -> ArraySlice<UInt8> {
        guard let span = spans[name] else { throw fail("it has no entry \(name.quoted)") }
        guard span.isStored else { throw fail("\(name.quoted) is compressed") }
        let data = bytes[span.data]
        guard CRC32.of(data) == span.checksum else { throw fail("\(name.quoted) does not have its checksum") }
        return data
    }

    private func fail(_ problem: String) -> ModelFileError {
        ModelFileError(file, "is no usable zip archive; expected whole stored entries, got this: \(problem)")
    }

    /// A little-endian number; nil beyond the end or beyond `Int`.
    private func number(_ at: Int, _ width: Int) -> Int? {
        guard at >= 0, at <= bytes.count - width else { return nil }
        return Int(exactly: bytes[at..<at + width].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }

    /// How many entries the directory has, and where it lies.
    private func directory() throws -> (count: Int, start: Int, end: Int) {
        // The end record is 22 bytes and a comment that reaches to the end of the file.
        let last = bytes.count - 22
        guard last >= 0,
            let end = stride(from: last, through: max(0, last - 0xFFFF), by: -1).first(where: {
                bytes[$0] == 0x50 && number($0, 4) == 0x0605_4B50 && number($0 + 20, 2) == last - $0
            })
        else { throw fail("no directory at its end; it may be cut short") }
        guard var count = number(end + 10, 2), var size = number(end + 12, 4), var start = number(end + 16, 4)
        else { throw fail("no directory") }
        var stop = end
        if number(end - 20, 4) == 0x0706_4B50 {
            guard let wide = number(end - 12, 8), number(wide, 4) == 0x0606_4B50, wide <= end - 20 - 56,
                let wideCount = number(wide + 32, 8), let wideSize = number(wide + 40, 8),
                let wideStart = number(wide + 48, 8)
            else { throw fail("a damaged zip64 directory") }
            (count, size, start, stop) = (wideCount, wideSize, wideStart, wide)
        }
        guard count <= Self.maximumEntries else {
            throw fail("\(count) entries, more than \(Self.maximumEntries)")
        }
        guard start <= stop, size == stop - start else { throw fail("a directory that is not where it should be") }
        return (count, start, stop)
    }

    private mutating func addEntry(_ at: inout Int, end: Int) throws {
        guard number(at, 4) == 0x0201_4B50, let flags = number(at + 8, 2), let method = number(at + 10, 2),
            let checksum = number(at + 16, 4), let nameLength = number(at + 28, 2),
            let extraLength = number(at + 30, 2), let commentLength = number(at + 32, 2),
            at + 46 + nameLength + extraLength + commentLength <= end
        else { throw fail("a damaged directory") }
        let nameBytes = bytes[at + 46..<at + 46 + nameLength]
        guard let name = String(validating: nameBytes, as: UTF8.self) else { throw fail("a name that is not UTF-8") }
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard !parts.contains(".."), !name.hasPrefix("/"), !name.contains("\\"), !name.contains("\0") else {
            throw fail("\(name.quoted) leads out of it")
        }
        guard spans[name] == nil else { throw fail("\(name.quoted) is there twice") }
        guard flags & 0x2041 == 0 else { throw fail("\(name.quoted) is encrypted") }
        let extra = at + 46 + nameLength..<at + 46 + nameLength + extraLength
        let (packed, size, local) = try sizes(at, extra: extra, name)
        guard packed == size || method != 0 else { throw fail("\(name.quoted) has two sizes") }
        guard number(local, 4) == 0x0403_4B50, let localName = number(local + 26, 2),
            let localExtra = number(local + 28, 2), localName == nameLength, local <= end - 30 - nameLength,
            bytes[local + 30..<local + 30 + nameLength] == nameBytes
        else { throw fail("\(name.quoted) is not where the directory says") }
        let data = local + 30 + nameLength + localExtra
        guard data <= end, packed <= end - data else { throw fail("\(name.quoted) reaches beyond the end") }
        spans[name] = (data..<data + packed, UInt32(truncatingIfNeeded: checksum), method == 0)
        at += 46 + nameLength + extraLength + commentLength
    }

    /// Stored size, size and place of an entry; zip64 keeps in the extra field what does not fit 32 bits, in this order.
    private func sizes(_ at: Int, extra: Range<Int>, _ name: String) throws -> (packed: Int, size: Int, local: Int) {
        guard var packed = number(at + 20, 4), var size = number(at + 24, 4), var local = number(at + 42, 4)
        else { throw fail("a damaged directory") }
        let isWide = [size, packed, local].contains(0xFFFF_FFFF)
        guard isWide else { return (packed, size, local) }
        var field = extra.lowerBound
        while field + 4 <= extra.upperBound, let kind = number(field, 2), let length = number(field + 2, 2) {
            if kind == 1, field + 4 + length <= extra.upperBound {
                var next = field + 4
                func take(_ value: inout Int) throws {
                    guard value == 0xFFFF_FFFF else { return }
                    guard next + 8 <= field + 4 + length, let wide = number(next, 8) else {
                        throw fail("\(name.quoted) has a damaged zip64 field")
                    }
                    value = wide
                    next += 8
                }
                try take(&size)
                try take(&packed)
                try take(&local)
                return (packed, size, local)
            }
            field += 4 + length
        }
        throw fail("\(name.quoted) has no zip64 field")
    }
}

extension String {
    /// In quotation marks for a message, cut where a hostile file made it long.
    var quoted: String { count > 120 ? "'\(prefix(120))…'" : "'\(self)'" }
}
