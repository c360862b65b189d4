/// Two files that hold the same picture, or nearly.
public struct DuplicateImages: Codable, Sendable, Equatable {
    public enum Kind: String, Codable, Sendable {
        case exact, near
        /// Alike to a network, though their pixels may not be: `FeatureDuplicates`.
        case features
    }

    public var kind: Kind
    public var first: String
    public var second: String
    /// The thumbnails' correlation, or the features' cosine, -1...1; 1 for the same pixels.
    public var similarity: Double
    /// Whether one is for training and the other for validation, which makes validation look better than it is.
    public var crossesSplit: Bool
    /// Whether the two carry different labels, so that one of them is wrong.
    public var labelsDiffer: Bool

    /// Bits by which the hashes of one picture may differ.
    static let largestHashDistance = 10
    /// What the thumbnails of one picture correlate by at least.
    static let leastSimilarity = 0.985
    /// The standard deviation, in grey levels, below which a picture is too even to be told from others like it.
    static let leastContrast = 2.0

    /// Exact: the same decoded pixels, each file with the first of its kind. Near: hashes within 10 bits (DCT hash; Zauner,
    /// 2010) and thumbnails that correlate by 0.985 or more, so that pictures of like layout alone are no pair; even pictures are
    /// compared exactly only. `NearHashes` says what that costs.
    ///
    /// - Parameter features: for the same images in the same order; what they alone find comes last.
    /// - Returns: exact ones first, then near ones by similarity, descending.
    public static func find(
        _ prints: [ImageFingerprint], _ table: LabelTable, features: FeatureRows? = nil
    ) -> [DuplicateImages] {
        let rows = Dictionary(table.rows.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        func pair(_ kind: Kind, _ a: Int, _ b: Int, _ similarity: Double) -> DuplicateImages {
            let (first, second) = (rows[prints[a].name], rows[prints[b].name])
            return DuplicateImages(
                kind: kind, first: prints[a].name, second: prints[b].name, similarity: similarity,
                crossesSplit: (first?.isValid ?? false) != (second?.isValid ?? false),
                labelsDiffer: first?.labels != second?.labels)
        }
        var exact: [DuplicateImages] = []
        var firsts: [String: Int] = [:]
        var distinct: [Int] = []
        for (index, print) in prints.enumerated() {
            if let first = firsts[print.digest] {
                exact.append(pair(.exact, first, index, 1))
            } else {
                firsts[print.digest] = index
                distinct.append(index)
            }
        }
        let centred = distinct.compactMap { index in unit(prints[index].thumbnail).map { (index: index, values: $0) } }
        let hashes = centred.map { prints[$0.index].hash }
        var near: [DuplicateImages] = []
        for (a, candidates) in NearHashes.laterOnes(hashes, within: largestHashDistance).enumerated() {
            for b in candidates {
                let similarity = zip(centred[a].values, centred[b].values).reduce(0) { $0 + $1.0 * $1.1 }
                if similarity >= leastSimilarity {
                    near.append(pair(.near, centred[a].index, centred[b].index, similarity))
                }
            }
        }
        near.sort { $0.similarity > $1.similarity }
        let known = Set((exact + near).map { [$0.first, $0.second] })
        let seen = features.map { features in
            FeatureDuplicates.find(features).map { pair(.features, $0.first, $0.second, $0.similarity) }
                .filter { !known.contains([$0.first, $0.second]) }
        }
        return exact + near + (seen ?? [])
    }

    /// Centred and of length 1; nil where there is too little contrast.
    private static func unit(_ thumbnail: [Float]) -> [Double]? {
        let values = thumbnail.map(Double.init)
        let mean = values.reduce(0, +) / Double(max(values.count, 1))
        let length = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }.squareRoot()
        guard length >= leastContrast * Double(values.count).squareRoot(), length > 0 else { return nil }
        return values.map { ($0 - mean) / length }
    }
}
