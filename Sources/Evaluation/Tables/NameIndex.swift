import Foundation

/// Which place each name of a `NameList` has, by the bytes of the names: a hash table of places.
struct NameIndex {
    private(set) var names = NameList()
    /// Places + 1, 0 for none; a power of two of them, at most half in use.
    private var slots: [UInt32] = Array(repeating: 0, count: 64)

    init() {}

    /// - Throws: `InputError` naming the first name that occurs twice.
    init(_ names: NameList, _ kind: String, in file: String? = nil) throws {
        self.names = names
        var size = 64
        while size < 2 * names.count { size *= 2 }
        slots = Array(repeating: 0, count: size)
        for place in names.indices {
            let slot = names.withBytes(place) { find($0) }
            guard slots[slot] == 0 else {
                throw InputError(
                    "\(kind) appears twice", at: file, expected: "each \(kind) once", got: "'\(names[place])'")
            }
            slots[slot] = UInt32(place + 1)
        }
    }

    /// The place of a name; nil for a stranger.
    subscript(name: UnsafeRawBufferPointer) -> Int? {
        let entry = slots[find(name)]
        return entry == 0 ? nil : Int(entry) - 1
    }

    /// The place of a name, which is taken in if it is new. The bytes are known to be UTF-8.
    mutating func insert(_ name: UnsafeRawBufferPointer) -> (place: Int, isNew: Bool) {
        var slot = find(name)
        if slots[slot] != 0 { return (Int(slots[slot]) - 1, false) }
        if 2 * (names.count + 1) > slots.count {
            slots = Array(repeating: 0, count: 2 * slots.count)
            for place in names.indices {
                let slot = names.withBytes(place) { find($0) }
                slots[slot] = UInt32(place + 1)
            }
            slot = find(name)
        }
        names.append(validated: name)
        slots[slot] = UInt32(names.count)
        return (names.count - 1, true)
    }

    /// The slot that holds the name, or the free one where it would go.
    private func find(_ name: UnsafeRawBufferPointer) -> Int {
        var hasher = Hasher()
        hasher.combine(bytes: name)
        var slot = hasher.finalize() & (slots.count - 1)
        while slots[slot] != 0 {
            let isSame = names.withBytes(Int(slots[slot]) - 1) { other in
                guard other.count == name.count else { return false }
                guard let a = other.baseAddress, let b = name.baseAddress else { return true }
                return memcmp(a, b, name.count) == 0
            }
            if isSame { break }
            slot = (slot + 1) & (slots.count - 1)
        }
        return slot
    }
}
