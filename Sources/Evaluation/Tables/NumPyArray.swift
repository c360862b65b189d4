/// A two-dimensional array from a `.npy` file, or from a `.npz`.
public struct NumPyArray: Sendable, Equatable {
    public let rows: Int
    public let columns: Int
    /// `[C][N]`: 32-bit where that holds every value of the file's type, 64-bit else.
    public let scores: ScoreColumns

    /// Row-major.
    public var values: [Double] { (0..<rows).flatMap { scores[$0] } }

    /// - Parameter name: which array of a `.npz`; nil for the only one.
    /// - Throws: `InputError` unless it is a whole array of real numbers or truth values with two axes.
    public init(_ bytes: [UInt8], named file: String, array name: String? = nil) throws {
        if bytes.starts(with: [0x50, 0x4B, 3, 4]) {
            let (member, place) = try NumPyArchive(bytes, named: file).array(name)
            try self.init(npy: member, named: place)
        } else {
            guard name == nil else {
                throw InputError("has no named arrays", at: file, expected: "a .npz", got: "another kind of file")
            }
            try self.init(npy: bytes, named: file)
        }
    }

    private init(npy bytes: [UInt8], named file: String) throws {
        let header = try NumPyHeader(bytes, named: file)
        (rows, columns) = (header.rows, header.columns)
        scores = bytes.withUnsafeBytes { raw in
            let data = UnsafeRawBufferPointer(rebasing: raw[header.start...])
            func floats<Bits: FixedWidthInteger>(_ value: (Bits) -> Float) -> ScoreColumns {
                .float(Self.columns(of: data, header, empty: 0, value))
            }
            func doubles<Bits: FixedWidthInteger>(_ value: (Bits) -> Double) -> ScoreColumns {
                .double(Self.columns(of: data, header, empty: 0, value))
            }
            switch (header.kind, header.width) {
            case (.float, 2): return floats { (bits: UInt16) in Float(Float16(bitPattern: bits)) }
            case (.float, 4): return floats { (bits: UInt32) in Float(bitPattern: bits) }
            case (.float, _): return doubles { (bits: UInt64) in Double(bitPattern: bits) }
            case (.signed, 1): return floats { (bits: Int8) in Float(bits) }
            case (.signed, 2): return floats { (bits: Int16) in Float(bits) }
            case (.signed, 4): return doubles { (bits: Int32) in Double(bits) }
            case (.signed, _): return doubles { (bits: Int64) in Double(bits) }
            case (.unsigned, 1): return floats { (bits: UInt8) in Float(bits) }
            case (.unsigned, 2): return floats { (bits: UInt16) in Float(bits) }
            case (.unsigned, 4): return doubles { (bits: UInt32) in Double(bits) }
            case (.unsigned, _): return doubles { (bits: UInt64) in Double(bits) }
            case (.bool, _): return floats { (bits: UInt8) in bits == 0 ? 0 : 1 }
            }
        }
    }

    /// Rows are turned into columns a block at a time, so that what is read and what is written both stay in the cache.
    private static func columns<Bits: FixedWidthInteger, Score>(
        of data: UnsafeRawBufferPointer, _ header: NumPyHeader, empty: Score, _ value: (Bits) -> Score
    ) -> [[Score]] {
        let (rows, width) = (header.rows, header.columns)
        let isBig = header.isBigEndian
        let (rowStep, columnStep) = header.isByColumn ? (1, rows) : (width, 1)
        var columns = [[Score]](repeating: [], count: width)
        for column in 0..<width { columns[column] = [Score](repeating: empty, count: rows) }
        let block = max(16, 16_384 / max(1, width))
        for first in stride(from: 0, to: rows, by: block) {
            for column in 0..<width {
                columns[column].withUnsafeMutableBufferPointer { target in
                    for row in first..<min(first + block, rows) {
                        let offset = (row * rowStep + column * columnStep) * MemoryLayout<Bits>.size
                        let bits = Bits(littleEndian: data.loadUnaligned(fromByteOffset: offset, as: Bits.self))
                        target[row] = value(isBig ? bits.byteSwapped : bits)
                    }
                }
            }
        }
        return columns
    }
}
