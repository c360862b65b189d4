/// What a gate concluded, with every rule's figure.
public struct Verdict: Codable, Sendable, Equatable {
    public enum Outcome: String, Codable, Sendable { case passed, failed, inconclusive }

    public var version = 1
    public var goldenSet: String
    public var outcome: Outcome
    public var rules: [RuleResult]
    /// Expectations of single images that were not met.
    public var brokenExpectations: [ExpectationResult]
    /// Why nothing could be concluded, or warnings a person should read.
    public var notes: [String]
    @Nullable public var model: ModelIdentity?
    public var imageCount: Int
    /// The worst outcome of the rules that demand expectations; nil where none does.
    public var expectationsOutcome: Outcome?
}

/// One rule of the golden set and how it went.
public struct RuleResult: Codable, Sendable, Equatable {
    /// The rule as a sentence: `recall of Medical >= 0.9 (95% confidence)`.
    public var rule: String
    public var outcome: Verdict.Outcome
    @Nullable public var value: Double?
    @Nullable public var bound: Double?
    /// The end of the confidence interval that had to clear the bound, where the rule asks for one.
    @Nullable public var intervalEnd: Double?
    /// One sentence: why it failed or could not be judged; empty when passed.
    public var reason: String
}

/// One image's broken expectation.
public struct ExpectationResult: Codable, Sendable, Equatable {
    public var image: String
    public var expected: String
    public var got: String

    public init(image: String, expected: String, got: String) {
        self.image = image
        self.expected = expected
        self.got = got
    }
}

/// The right to export: only `Gate` can make one, so exporting an ungated model does not compile.
public struct GatePass: Sendable, Equatable {
    /// The digests of the exact bytes that were judged. Export writes those bytes or refuses.
    public let model: ModelIdentity
    public let verdict: Verdict
    // The memberwise initialiser is internal: every other room is barred from making one.
}
