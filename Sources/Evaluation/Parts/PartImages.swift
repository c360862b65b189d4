/// `images.csv` of a part: `fname,target,pixel_digest`, the target being label indices with blanks between, or `unknown`.
struct PartImages {
    let names: NameList
    let targets: LabelBits
    /// Nil when all targets are known.
    let known: [Bool]?
    let digests: [String]

    init(_ path: String, labels: [String]) throws {
        let bytes = try FileBytes.read(path)
        var (names, sets, digests): (NameIndex, [[Int]?], [String]) = (NameIndex(), [], [])
        try CSVReader.read(bytes, named: path) { reader in
            let columns = try ["fname", "target", "pixel_digest"].map {
                try CSV.column($0, of: reader.header, in: path)
            }
            while try reader.next() {
                let text = try reader.text(columns[1])
                let set = text.split(separator: " ").compactMap { Int($0) }.filter(labels.indices.contains)
                guard text == "unknown" || text == set.map(String.init).joined(separator: " ") else {
                    throw InputError(
                        "is no target", at: "\(path):\(reader.line)", expected: "indices below \(labels.count)",
                        got: "'\(text)'")
                }
                guard reader.withBytes(columns[0], { names.insert($0) }).isNew else {
                    throw InputError(
                        "image name appears twice", at: "\(path):\(reader.line)", expected: "each image name once",
                        got: "'\(try reader.text(columns[0]))'")
                }
                sets.append(text == "unknown" ? nil : set)
                digests.append(try reader.text(columns[2]))
            }
        }
        var targets = LabelBits(count: sets.count, width: labels.count)
        for (row, set) in sets.enumerated() { for label in set ?? [] { targets[label, row] = true } }
        (self.names, self.targets, self.digests) = (names.names, targets, digests)
        known = sets.contains { $0 == nil } ? sets.map { $0 != nil } : nil
    }
}
