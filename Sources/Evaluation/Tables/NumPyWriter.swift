/// Writes `.npy`, version 1: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
enum NumPyWriter {
    /// `[N, C]` row-major, little-endian, in the width that the columns have.
    static func write(_ columns: ScoreColumns, to sink: inout ByteSink) throws {
        switch columns {
        case .float(let columns): try write(columns, "<f4", to: &sink) { $0.bitPattern.littleEndian }
        case .double(let columns): try write(columns, "<f8", to: &sink) { $0.bitPattern.littleEndian }
        }
    }

    private static func write<Score, Bits: FixedWidthInteger>(
        _ columns: [[Score]], _ kind: String, to sink: inout ByteSink, _ bits: (Score) -> Bits
    ) throws {
        let rows = columns.first?.count ?? 0
        var header = "{'descr': '\(kind)', 'fortran_order': False, 'shape': (\(rows), \(columns.count)), }"
        // The values begin at a multiple of 64.
        header += String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
        let length = header.utf8.count
        try sink.write([0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 255), UInt8(length >> 8)])
        try sink.write(header)
        var line = [Bits](repeating: 0, count: columns.count)
        for row in 0..<rows {
            for column in columns.indices { line[column] = bits(columns[column][row]) }
            try line.withUnsafeBytes { try sink.write($0) }
        }
    }
}
