import Foundation

/// Which place each name of a `NameList` has, by the bytes of the names: a hash table of places.
struct NameIndex {
    private(set) var names = NameList()
    /// A power of two of them, at most half in use.
    private var slots = Self.slots(for: 0)

    /// A place + 1, 0 for none, and half of its name's hash, which tells nearly all strangers apart at once.
    private struct Slot {
        var entry: UInt32 = 0
        var hash: UInt32 = 0
    }

    init() {}

    /// - Throws: `InputError` naming the first name that occurs twice.
    init(_ names: NameList, _ kind: String, in file: String? = nil) throws(InputError) {
        self.names = names
        slots = Self.slots(for: names.count)
        for place in names.indices {
            let (slot, hash) = names.withBytes(place) { find($0) }
            guard slots[slot].entry == 0 else {
                throw InputError(
                    "\(kind) appears twice", at: file, expected: "each \(kind) once", got: "'\(names[place])'")
            }
            slots[slot] = Slot(entry: UInt32(place + 1), hash: hash)
        }
    }

    private static func slots(for count: Int) -> [Slot] {
        var size = 64
        while size < 2 * count { size *= 2 }
        return Array(repeating: Slot(), count: size)
    }

    /// The place of a name; nil for a stranger.
    subscript(name: UnsafeRawBufferPointer) -> Int? {
        let entry = slots[find(name).slot].entry
        return entry == 0 ? nil : Int(entry) - 1
    }

    /// The place of a name, which is taken in if it is new. The bytes are known to be UTF-8.
    mutating func insert(_ name: UnsafeRawBufferPointer) -> (place: Int, isNew: Bool) {
        var (slot, hash) = find(name)
        if slots[slot].entry != 0 { return (Int(slots[slot].entry) - 1, false) }
        if 2 * (names.count + 1) > slots.count {
            grow()
            slot = find(name).slot
        }
        names.append(validated: name)
        slots[slot] = Slot(entry: UInt32(names.count), hash: hash)
        return (names.count - 1, true)
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: Slot(), count: 2 * old.count)
        for entry in old where entry.entry != 0 {
            var slot = Int(entry.hash) & (slots.count - 1)
            while slots[slot].entry != 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = entry
        }
    }

    /// The slot that holds the name, or the free one where it would go.
    private func find(_ name: UnsafeRawBufferPointer) -> (slot: Int, hash: UInt32) {
        var hasher = Hasher()
        hasher.combine(bytes: name)
        let hash = UInt32(truncatingIfNeeded: hasher.finalize())
        var slot = Int(hash) & (slots.count - 1)
        while slots[slot].entry != 0 {
            if slots[slot].hash == hash, names.holds(name, at: Int(slots[slot].entry) - 1) { break }
            slot = (slot + 1) & (slots.count - 1)
        }
        return (slot, hash)
    }
}

extension NameList {
    /// Whether a name has these bytes.
    fileprivate func holds(_ name: UnsafeRawBufferPointer, at place: Int) -> Bool {
        withBytes(place) { other in
            guard other.count == name.count else { return false }
            guard let a = other.baseAddress, let b = name.baseAddress else { return true }
            return memcmp(a, b, name.count) == 0
        }
    }
}
