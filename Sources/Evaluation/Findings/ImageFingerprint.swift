/// What two pictures are compared by.
public struct ImageFingerprint: Sendable, Equatable {
    public var name: String
    /// SHA-256 of the decoded pixels.
    public var digest: String
    /// 63 signs of the picture's lowest cosine frequencies against their median; the top bit is 0.
    public var hash: UInt64
    /// A small picture, row-major RGB, 0...255.
    public var thumbnail: [Float]

    public init(name: String, digest: String, hash: UInt64, thumbnail: [Float]) {
        self.name = name
        self.digest = digest
        self.hash = hash
        self.thumbnail = thumbnail
    }
}
