import CKernels

/// Runs a graph forward, keeping what backward needs, and backward, filling `Parameters`' gradients.
///
/// Input `[N, H, W, C]` normalised floats, always a full batch; logits `[N, labels]`. Batch norms use the batch's
/// statistics and move the running ones. The same bits at any thread count.
public final class TrainingPlan {
    let layout: TrainingLayout
    let parameters: Parameters
    let workers: Workers
    /// Nodes whose parameters want a gradient.
    private(set) var trains: Set<Int> = []
    /// Values whose gradient some trained parameter before them needs.
    private var wanted: Set<Int> = []
    private let arena: FloatBuffer
    private let scratchBuffer: FloatBuffer
    private var normBuffers: [Int: FloatBuffer] = [:]
    private var windowBuffers: [Int: FloatBuffer] = [:]
    var maxima: [Int: [Int32]] = [:]
    /// Values whose gradient has been written in this backward pass.
    private var written: Set<Int> = []
    /// The output of the step that writes a value's gradient last.
    private(set) var lastWriter: [Int: Int] = [:]
    /// What convolutions summed of their maps for the norms after and before them, by the value summed.
    var sums: [Int: ChannelSums] = [:]
    /// Gradients of convolutions' outputs that these make themselves, by the output.
    var inputGradients: [Int: BatchNorm.InputGradient] = [:]
    private var randomSeed: UInt64 = 0
    /// Called after each step, forward or backward, with its index and seconds; for profiles.
    var onStep: ((Int, Double) -> Void)?

    var graph: Graph { layout.graph }
    var shapes: [MapShape] { layout.shapes }
    public var batchSize: Int { layout.shapes[0].images }
    /// Of the batches that it takes.
    public var inputShape: MapShape { layout.shapes[0] }
    /// What this plan holds besides the parameters.
    public var memory: MemoryPlan { layout.memory }

    /// - Parameter trains: whether a parameter of that name wants a gradient; frozen ones cost none.
    /// - Throws: `GraphError` if the shapes do not fit, or memory is refused.
    public init(
        _ graph: Graph, _ parameters: Parameters, input: MapShape, workers: Workers,
        method: ConvolutionMethod = .fastest, trains: (String) -> Bool = { _ in true }
    ) throws {
        layout = try TrainingLayout(graph, input: input, threads: workers.count, method: method)
        self.parameters = parameters
        self.workers = workers
        arena = try FloatBuffer(count: layout.arenaCount)
        scratchBuffer = try FloatBuffer(count: layout.scratchCount)
        for step in layout.steps {
            let count = shapes[step.node].count
            switch graph.nodes[step.node].operation {
            case .batchNorm(let channels, _, _):
                normBuffers[step.node] = try FloatBuffer(count: BatchNorm.Saved.count(channels: channels))
            case .maxPool: windowBuffers[step.node] = try FloatBuffer(count: (count + 3) / 4)
            case .globalMaxPool: maxima[step.node] = Array(repeating: 0, count: count)
            default: break
            }
        }
        setTrains(trains)
    }

    /// Changes which parameters want a gradient (freezing and unfreezing); the rest of backward shrinks with it.
    public func setTrains(_ trains: (String) -> Bool) {
        self.trains = Set(
            graph.nodes.indices.filter { index in
                let node = graph.nodes[index]
                return node.operation.parameters.contains { trains("\(node.name).\($0.suffix)") }
            })
        wanted = []
        for step in layout.steps where self.trains.contains(step.node) || step.reads.contains(where: wanted.contains) {
            wanted.insert(step.output)
        }
        lastWriter = [:]
        // Backward goes from the last step to the first.
        for step in layout.steps where wanted.contains(step.output) {
            for value in step.reads where lastWriter[value] == nil { lastWriter[value] = step.output }
        }
    }

    // MARK: Buffers

    func gradient(_ node: Int) -> Floats { arena.pointer + (layout.gradientOffsets[node] ?? 0) }
    var scratch: Floats { scratchBuffer.pointer }

    /// A stored value; of a deferred one, see `source`.
    func value(_ node: Int) -> Floats { arena.pointer + (layout.activationOffsets[node] ?? 0) }

    /// A value to read, and what to do to it while reading.
    func source(_ node: Int) -> (pointer: Floats, affine: AssayAffine) {
        guard let norm = layout.deferred[node], let saved = saved(norm.node) else { return (value(node), .none) }
        return (value(norm.inputs[0]), saved.affine(relu: norm.relu))
    }

    /// The gates of a stored ReLU after a norm.
    func gates(_ node: Int) -> BatchNorm.Gates? {
        guard let offset = layout.gateOffsets[node] else { return nil }
        let raw = UnsafeMutableRawPointer(arena.pointer + offset)
        return raw.assumingMemoryBound(to: UInt16.self)
    }

    /// Which tap won each window of a max pool.
    func windows(_ node: Int) -> UnsafeMutablePointer<UInt8>? {
        windowBuffers[node].map { UnsafeMutableRawPointer($0.pointer).assumingMemoryBound(to: UInt8.self) }
    }

    func saved(_ node: Int) -> BatchNorm.Saved? {
        guard case .batchNorm(let channels, _, _) = graph.nodes[node].operation, let buffer = normBuffers[node] else {
            return nil
        }
        return BatchNorm.Saved(buffer.pointer, channels: channels)
    }

    func dropout(_ node: Int, _ probability: Float) -> Dropout {
        Dropout(probability: probability, random: CounterRandom(seed: randomSeed, stream: UInt64(node)))
    }

    /// Whether anyone needs the gradient with respect to `value`.
    func wants(_ value: Int) -> Bool { wanted.contains(value) }

    /// Whether a gradient for `value` must be added to what is there; from now on it must.
    func claimGradient(_ value: Int) -> Bool { !written.insert(value).inserted }

    // MARK: Passes

    /// The logits of one batch. `randomSeed` decides the dropout masks; give each step its own.
    public func forward(_ images: [Float], randomSeed: UInt64) -> [Float] {
        precondition(images.count == shapes[0].count, "a batch of \(shapes[0]) got \(images.count) values")
        self.randomSeed = randomSeed
        images.withUnsafeBufferPointer { source in
            if let base = source.baseAddress { workers.copy(base, to: value(0), count: images.count) }
        }
        for index in layout.steps.indices { timed(index) { forward(layout.steps[index]) } }
        let last = layout.steps[layout.steps.count - 1].output
        return Array(UnsafeBufferPointer(start: value(last), count: shapes[last].count))
    }

    /// Fills the gradients from d loss / d logits `[N, labels]` of the batch that went forward last; once a forward, for
    /// gradients take the places of maps that are done with.
    public func backward(_ logitsGradient: [Float]) {
        let last = layout.steps[layout.steps.count - 1].output
        precondition(
            logitsGradient.count == shapes[last].count, "gradient of \(shapes[last]) got \(logitsGradient.count)")
        logitsGradient.withUnsafeBufferPointer { source in
            if let base = source.baseAddress { gradient(last).update(from: base, count: logitsGradient.count) }
        }
        written = [last]
        for index in layout.steps.indices.reversed() where wants(layout.steps[index].output) {
            timed(index) { backward(layout.steps[index]) }
        }
    }

    private func timed(_ index: Int, _ body: () -> Void) {
        guard let onStep else { return body() }
        onStep(index, StepClock.seconds(body))
    }
}
