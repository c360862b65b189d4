/// How a file stores numbers, and how they become floats.
enum ElementType: String, CaseIterable {
    case f64 = "F64"
    case f32 = "F32"
    case f16 = "F16"
    case bf16 = "BF16"
    case i64 = "I64"
    case i32 = "I32"
    case u8 = "U8"
    case bool = "BOOL"

    static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }

    var width: Int {
        switch self {
        case .f64, .i64: 8
        case .f32, .i32: 4
        case .f16, .bf16: 2
        case .u8, .bool: 1
        }
    }

    /// Little-endian bytes, a whole number of elements.
    func floats(_ bytes: ArraySlice<UInt8>) -> [Float] {
        let count = bytes.count / width
        return bytes.withUnsafeBytes { raw in
            [Float](unsafeUninitializedCapacity: count) { result, filled in
                func load<T: FixedWidthInteger>(_ index: Int, _: T.Type) -> T {
                    T(littleEndian: raw.loadUnaligned(fromByteOffset: index * width, as: T.self))
                }
                for i in 0..<count {
                    switch self {
                    case .f64: result[i] = Float(Double(bitPattern: load(i, UInt64.self)))
                    case .f32: result[i] = Float(bitPattern: load(i, UInt32.self))
                    case .f16: result[i] = Self.half(load(i, UInt16.self))
                    case .bf16: result[i] = Float(bitPattern: UInt32(load(i, UInt16.self)) << 16)
                    case .i64: result[i] = Float(load(i, Int64.self))
                    case .i32: result[i] = Float(load(i, Int32.self))
                    case .u8, .bool: result[i] = Float(load(i, UInt8.self))
                    }
                }
                filled = count
            }
        }
    }

    /// IEEE 754 binary16.
    static func half(_ bits: UInt16) -> Float {
        let sign: Float = bits >> 15 == 1 ? -1 : 1
        let (exponent, fraction) = (Int(bits >> 10 & 31), Float(bits & 1023))
        if exponent == 31 { return fraction == 0 ? sign * .infinity : .nan }
        if exponent == 0 { return sign * fraction * 0x1p-24 }
        return sign * (1024 + fraction) * Float(sign: .plus, exponent: exponent - 25, significand: 1)
    }
}
