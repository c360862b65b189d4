/// Why a graph, its weights and an input shape do not fit together: one line with both sides.
public struct GraphError: Error, CustomStringConvertible, Equatable, Sendable {
    public let description: String

    public init(_ description: String) { self.description = description }
}
