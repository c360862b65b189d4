/// What is known of the images that a model was trained on, so that a gate does not judge it on them.
public enum TrainingImages: Sendable, Equatable {
    /// The digests of their pixels. `startedFrom` names weights that had seen other images before, which nobody listed.
    case known(Set<String>, startedFrom: String? = nil)
    /// Nobody can say, as of weights from elsewhere; the verdict states it.
    case unknown
    /// The list that should be there is not, for this reason: nothing can be concluded.
    case lost(String)

    /// The digests, where they are known.
    public var digests: Set<String>? { if case .known(let digests, _) = self { digests } else { nil } }
}
