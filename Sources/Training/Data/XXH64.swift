/// XXH64 (Collet, 2012): a checksum as fast as memory, against damage and not against malice.
package enum XXH64 {
    private static let p1: UInt64 = 0x9E37_79B1_85EB_CA87
    private static let p2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
    private static let p3: UInt64 = 0x1656_67B1_9E37_79F9
    private static let p4: UInt64 = 0x85EB_CA77_C2B2_AE63
    private static let p5: UInt64 = 0x27D4_EB2F_1656_67C5

    package static func of(_ bytes: UnsafeRawBufferPointer, seed: UInt64 = 0) -> UInt64 {
        func turned(_ value: UInt64, _ bits: UInt64) -> UInt64 { value << bits | value >> (64 - bits) }
        func round(_ lane: UInt64, _ word: UInt64) -> UInt64 { turned(lane &+ word &* p2, 31) &* p1 }
        func word(_ at: Int) -> UInt64 {
            UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))
        }
        var at = 0
        var hash = seed &+ p5
        if bytes.count >= 32 {
            var (a, b, c, d) = (seed &+ p1 &+ p2, seed &+ p2, seed, seed &- p1)
            while at + 32 <= bytes.count {
                a = round(a, word(at))
                b = round(b, word(at + 8))
                c = round(c, word(at + 16))
                d = round(d, word(at + 24))
                at += 32
            }
            hash = turned(a, 1) &+ turned(b, 7) &+ turned(c, 12) &+ turned(d, 18)
            for lane in [a, b, c, d] { hash = (hash ^ round(0, lane)) &* p1 &+ p4 }
        }
        hash &+= UInt64(bytes.count)
        while at + 8 <= bytes.count {
            hash = turned(hash ^ round(0, word(at)), 27) &* p1 &+ p4
            at += 8
        }
        if at + 4 <= bytes.count {
            let half = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt32.self))
            hash = turned(hash ^ UInt64(half) &* p1, 23) &* p2 &+ p3
            at += 4
        }
        while at < bytes.count {
            hash = turned(hash ^ UInt64(bytes[at]) &* p5, 11) &* p1
            at += 1
        }
        hash = (hash ^ hash >> 33) &* p2
        hash = (hash ^ hash >> 29) &* p3
        return hash ^ hash >> 32
    }
}
