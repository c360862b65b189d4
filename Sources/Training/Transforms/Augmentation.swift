import Evaluation
import Foundation

/// How training images are changed at random, in fastai's terms; part of `config.json`.
public struct Augmentation: Codable, Sendable, Equatable {
    public enum Kind: String, Codable, Sendable, CaseIterable {
        /// RandomResizedCrop and flip.
        case crop
        /// fastai's presizing: a window of the item, then flip, rotation, zoom, warp and crop in one interpolation.
        case fastai
    }

    public var kind: Kind
    /// Images are first resized so that their shorter edge has this many pixels; nil leaves them whole.
    public var itemSize: Int?
    /// Largest angle in degrees, largest zoom, and largest shift of a corner as a share of half the edge.
    public var rotate = 10.0
    public var zoom = 1.1
    public var warp = 0.2
    /// Largest changes of brightness and contrast, of saturation, and of hue, each 0 ..< 1.
    public var lighting = 0.2
    public var saturation = 0.0
    public var hue = 0.0
    public var affineProbability = 0.75
    public var lightingProbability = 0.75
    /// How often a random rectangle is replaced by noise.
    public var erase = 0.0

    public init(_ kind: Kind, itemSize: Int? = nil) {
        self.kind = kind
        self.itemSize = itemSize
        if kind == .crop { (rotate, zoom, warp, lighting) = (0, 1, 0, 0) }
    }

    /// What cannot be: one phrase, or nil.
    var objection: String? {
        func isShare(_ value: Double) -> Bool { (0...1).contains(value) }
        if let itemSize, !(8...8192).contains(itemSize) { return "an item size of \(itemSize)" }
        if kind == .fastai, itemSize == nil { return "presizing without an item size" }
        if !(0...180).contains(rotate) { return "a rotation of \(rotate)" }
        if !(1...10).contains(zoom) { return "a zoom of \(zoom)" }
        if !(0...0.5).contains(warp) { return "a warp of \(warp)" }
        if let change = [lighting, saturation, hue].first(where: { !($0 >= 0 && $0 < 1) }) {
            return "a change of light or colour of \(change)"
        }
        if ![affineProbability, lightingProbability, erase].allSatisfy(isShare) { return "a probability above 1" }
        return nil
    }
}
