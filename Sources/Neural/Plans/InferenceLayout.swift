/// Which buffers an inference of one shape needs and where they lie: all that is known without a weight.
///
/// A batch whose maps would take more than 64 MiB goes through in slices of at least four images, so that memory does not
/// grow with the batch; within them `InferenceSlices` says how many images go through which steps at once.
public struct InferenceLayout: Sendable {
    let graph: Graph
    /// Images a batch at most.
    public let batchSize: Int
    /// The shapes of the largest slice.
    let shapes: [MapShape]
    let steps: [Step]
    let segments: [InferenceSlices.Segment]
    /// Each step's algorithm, by its output; nil for steps that multiply nothing.
    let methods: [Int: ConvolutionMethod]
    let offsets: [Int: Int]
    let arenaCount: Int
    let scratchCount: Int
    let weightCounts: [Int: Int]
    public let memory: MemoryPlan

    /// Images at once in each part of the network, from the first steps to the last.
    public var sliceSizes: [Int] { segments.map(\.images) }

    /// - Throws: `GraphError` if the shapes do not fit.
    public init(_ graph: Graph, input: MapShape, threads: Int, method: ConvolutionMethod = .fastest) throws {
        var slice = input
        var layout = try InferenceLayout(graph, slice: slice, of: input.images, threads, method)
        while layout.memory.activations > 64 << 20, slice.images > 4 {
            slice.images = max(4, (slice.images + 1) / 2)
            layout = try InferenceLayout(graph, slice: slice, of: input.images, threads, method)
        }
        self = layout
    }

    private init(
        _ graph: Graph, slice input: MapShape, of batchSize: Int, _ threads: Int, _ method: ConvolutionMethod
    ) throws {
        self.graph = graph
        self.batchSize = batchSize
        let shapes = try graph.shapes(input: input)
        let steps = graph.steps(forInference: true)
        (self.shapes, self.steps) = (shapes, steps)
        guard input.images > 0, let last = steps.last else {
            throw GraphError("nothing to run; expected at least one image and node")
        }
        var lastUse = Array(repeating: 0, count: graph.nodes.count)
        for (time, step) in steps.enumerated() {
            for value in step.reads + [step.output] { lastUse[value] = time + 1 }
        }
        lastUse[last.output] = steps.count + 1

        /// A step's geometry and algorithm when so many images go through it.
        func product(_ step: Step, images: Int) -> (ConvolutionMethod, any ConvolutionAlgorithm)? {
            let operation = graph.nodes[step.node].operation
            guard let convolution = Convolution(operation, from: shapes.map { $0.of(images: images) }, step) else {
                return nil
            }
            let resolved = method.resolved(for: convolution, training: false)
            return (resolved, resolved.algorithm(for: convolution))
        }
        // What a step adds lies where its output goes.
        let inPlace = Self.takenPlaces(graph, steps, shapes, [], lastUse).taken
        let slices = InferenceSlices(
            steps, lastUse: lastUse,
            maps: steps.map { step in
                (step.reads + (inPlace[step.output] == nil ? [step.output] : [])).reduce(0) { $0 + shapes[$1].count }
                    / input.images
            },
            weights: steps.map { product($0, images: input.images)?.1.forwardWeightCount ?? 0 }, most: input.images)
        segments = slices.segments
        let boundaries = slices.boundaries
        let taken: [Int: Int]
        (taken, lastUse) = Self.takenPlaces(graph, steps, shapes, Set(boundaries.keys), lastUse)

        var planner = ArenaPlanner()
        let first = shapes[0].of(images: slices.images(0))
        var offsets = [0: planner.place(size: first.count, alive: 0...lastUse[0])]
        var (methods, weightCounts, scratchCount) = ([Int: ConvolutionMethod](), [Int: Int](), 0)
        for (time, step) in steps.enumerated() {
            let images = slices.images(time)
            // What a segment leaves to the next stays while the segment's steps run again for the next slice.
            let output = shapes[step.output].of(images: boundaries[time] ?? images)
            let birth = boundaries[time] == nil ? time + 1 : 0
            offsets[step.output] =
                taken[step.output].flatMap { offsets[$0] }
                ?? planner.place(size: output.count, alive: birth...lastUse[step.output])
            if let (resolved, algorithm) = product(step, images: images) {
                methods[step.output] = resolved
                weightCounts[step.output] = algorithm.forwardWeightCount
                scratchCount = max(scratchCount, algorithm.scratchCount(.inference, Workers(count: threads)))
            }
            if case .globalMaxPool = graph.nodes[step.node].operation {
                scratchCount = max(scratchCount, shapes[step.output].count)
            }
        }
        (self.offsets, self.methods, self.weightCounts, self.scratchCount) =
            (offsets, methods, weightCounts, scratchCount)
        arenaCount = planner.total
        memory = MemoryPlan(
            activations: 4 * arenaCount, gradients: 0, scratch: 4 * scratchCount,
            packedWeights: 4 * weightCounts.values.reduce(0, +))
    }

    /// The place that an output takes over, by that output: a convolution that is the last to read what it adds stores its
    /// sums there. A line of memory is then read once instead of twice, as a store reads it too (51 MB maps: 6.2 to 4.4
    /// ms). A place lives as long as the last value in it.
    private static func takenPlaces(
        _ graph: Graph, _ steps: [Step], _ shapes: [MapShape], _ boundaries: Set<Int>, _ alive: [Int]
    ) -> (taken: [Int: Int], lastUse: [Int]) {
        var taken: [Int: Int] = [:]
        var lastUse = alive
        for (time, step) in steps.enumerated() {
            guard !boundaries.contains(time), case .convolution = graph.nodes[step.node].operation,
                let residual = step.residual, residual != 0,
                alive[residual] == time + 1, !step.inputs.contains(residual), shapes[residual] == shapes[step.output]
            else { continue }
            let place = taken[residual] ?? residual
            taken[step.output] = place
            lastUse[place] = max(lastUse[place], lastUse[step.output])
        }
        return (taken, lastUse)
    }
}
