/// What truth and predictions did not share, and what was left out for that.
public struct LeftOut: Codable, Sendable, Equatable {
    /// Labelled images without predictions.
    public var missingImages = 0
    /// Predicted images that the labels file lacks.
    public var extraImages = 0
    /// Labels of the labels file that the predictions lack.
    public var missingLabels = 0
    /// Labels of the predictions that the labels file lacks.
    public var extraLabels = 0
    /// The first hundred of each.
    public var missingImageNames: [String] = []
    public var extraImageNames: [String] = []
    public var missingLabelNames: [String] = []
    public var extraLabelNames: [String] = []

    public init() {}

    /// Earlier versions wrote three counts alone.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        func count(_ key: CodingKeys) throws -> Int { try values.decodeIfPresent(Int.self, forKey: key) ?? 0 }
        func names(_ key: CodingKeys) throws -> [String] {
            try values.decodeIfPresent([String].self, forKey: key) ?? []
        }
        (missingImages, extraImages) = (try count(.missingImages), try count(.extraImages))
        (missingLabels, extraLabels) = (try count(.missingLabels), try count(.extraLabels))
        (missingImageNames, extraImageNames) = (try names(.missingImageNames), try names(.extraImageNames))
        (missingLabelNames, extraLabelNames) = (try names(.missingLabelNames), try names(.extraLabelNames))
    }

    public var isNothing: Bool { self == LeftOut() }

    /// A sentence for each kind of thing that was left out.
    public var sentences: [String] {
        func sentence(_ count: Int, _ names: [String], _ one: String, _ many: String) -> String? {
            guard count > 0 else { return nil }
            let few = names.prefix(20)
            let more = count > few.count ? " and \(count - few.count) more" : ""
            return
                "left out, \(count) \(count == 1 ? one : many): \(few.map { "'\($0)'" }.joined(separator: ", "))\(more)"
        }
        return [
            sentence(
                missingLabels, missingLabelNames, "label without predictions", "labels without predictions"),
            sentence(
                extraLabels, extraLabelNames, "predicted label that the labels file lacks",
                "predicted labels that the labels file lacks"),
            sentence(
                missingImages, missingImageNames, "labelled image without predictions",
                "labelled images without predictions"),
            sentence(
                extraImages, extraImageNames, "predicted image without labels", "predicted images without labels"),
        ].compactMap { $0 }
    }
}
