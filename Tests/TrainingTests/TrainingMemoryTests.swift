import Evaluation
import Neural
import Testing
import Training

@Suite struct TrainingMemoryTests {
    private let memory = TrainingMemory(
        (try? ResNet(named: "resnet18").graph(labelCount: 8, head: .fastai)) ?? Graph(), size: 128, threads: 2)

    @Test func theLargestBatchFitsAndTheNextDoesNot() throws {
        for free in [600 << 20, 1 << 30, 8 << 30] {
            let batch = try memory.largestBatch(limit: 10_000, free: free)
            #expect(try memory.bytes(batchSize: batch) <= free)
            #expect(try memory.bytes(batchSize: batch + 1) > free)
        }
        #expect(try memory.largestBatch(limit: 20, free: 64 << 30) == 20)
    }

    /// Images take what is left, at most half, and nothing that the batch, or others, need; what is asked for is given or
    /// refused.
    @Test func imagesTakeWhatTheBatchLeaves() throws {
        let (free, gigabyte) = (4 << 30, 1 << 30)
        let needed = try memory.bytes(batchSize: 16)
        func budget(_ images: ImageMemory, _ wanted: Int, free: Int = free, batch: Int = 16) throws -> Int {
            try memory.imageBudget(batchSize: batch, images, wanted: wanted, free: free)
        }
        #expect(try budget(.automatic, gigabyte) == gigabyte && budget(.automatic, 9 * gigabyte) == free / 2)
        #expect(try budget(.automatic, gigabyte, free: needed) == 0)
        #expect(try budget(.automatic, gigabyte, free: needed * 2) == needed * 3 / 4)
        #expect(try budget(.bytes(gigabyte), 9 * gigabyte) == gigabyte && budget(.bytes(gigabyte), 5) == 5)
        let error = #expect(throws: InputError.self) { try budget(.bytes(9 * gigabyte), 9 * gigabyte) }
        #expect(error?.description.contains("9216 MiB of images") == true)
        #expect(throws: InputError.self) { try budget(.automatic, 0, free: needed - 1) }
        // A batch whose size the memory decides leaves the images their room.
        for (images, wanted) in [
            (ImageMemory.automatic, gigabyte), (.automatic, 9 * gigabyte), (.bytes(gigabyte), free),
        ] {
            let beside = TrainingMemory.freeBesideImages(images, wanted: wanted, free: free)
            let batch = try memory.largestBatch(limit: 10_000, free: beside)
            let share = min(wanted, images == .automatic ? free / 2 : gigabyte)
            #expect(try batch > 16 && budget(images, wanted, batch: batch) == share)
        }
        #expect(TrainingMemory.freeBesideImages(.automatic, wanted: 0, free: free) == free)
        #expect(TrainingMemory.freeBesideImages(.bytes(0), wanted: free, free: free) == free)
    }

    /// Peaks of whole processes in MiB, as the kernel counted them, with two threads and fastai's head (AVX2: other CPUs pack
    /// weights otherwise).
    @Test(arguments: [
        ("resnet18", 64, 16, "", 530), ("resnet18", 64, 16, "average", 587), ("resnet18", 64, 16, "accumulate", 580),
        ("resnet18", 64, 16, "best", 538), ("resnet18", 64, 16, "average accumulate best", 632),
        ("resnet50", 96, 16, "", 993), ("resnet50", 96, 16, "average best", 1290), ("resnet50", 224, 16, "", 1943),
        ("resnet50", 224, 2, "", 986), ("resnet152", 64, 4, "", 2173), ("resnet34", 128, 64, "", 1275),
    ])
    func isAsMeasured(_ arch: String, _ size: Int, _ batchSize: Int, _ options: String, _ measured: Int) throws {
        var recipe = Recipe()
        recipe.averageDecay = options.contains("average") ? 0.9 : nil
        recipe.accumulation = options.contains("accumulate") ? 4 : 1
        recipe.keepsBest = options.contains("best")
        let graph = try ResNet(named: arch).graph(labelCount: 4, head: .fastai)
        let memory = TrainingMemory(graph, size: size, threads: 2, recipe)
        let share = Double(try memory.bytes(batchSize: batchSize)) / Double(measured << 20)
        #expect(share > 0.93 && share < 1.25, "\(share)")
    }

    /// Kept images that nobody asked for must not be what a batch is refused for.
    @Test func imagesGiveWayToABatchThatFitsAlone() throws {
        let two = try memory.bytes(batchSize: 2)
        let wanted = 1 << 30
        #expect(throws: InputError.self) {
            try memory.largestBatch(
                limit: 64, free: TrainingMemory.freeBesideImages(.automatic, wanted: wanted, free: two))
        }
        let batch = try memory.largestBatch(limit: 64, .automatic, wanted: wanted, free: two)
        #expect(try batch >= 2 && memory.bytes(batchSize: batch) <= two)
        #expect(try memory.largestBatch(limit: 64, .automatic, wanted: wanted, free: nil) == 64)
        let error = #expect(throws: InputError.self) {
            try memory.largestBatch(limit: 64, .automatic, wanted: wanted, free: two - 1)
        }
        #expect(error?.description.contains("got \(FreeMemory.mebibytes(two - 1)) MiB") == true)
        #expect(throws: InputError.self) {
            try memory.largestBatch(limit: 64, .bytes(wanted), wanted: wanted, free: two)
        }
        let free = 8 << 30
        #expect(
            try memory.largestBatch(limit: 10_000, .automatic, wanted: wanted, free: free)
                == memory.largestBatch(
                    limit: 10_000,
                    free: TrainingMemory.freeBesideImages(.automatic, wanted: wanted, free: free)))
    }

    @Test func whatCannotFitIsRefusedWithBothNumbers() throws {
        let error = #expect(throws: InputError.self) { try memory.largestBatch(limit: 64, free: 10 << 20) }
        let needed = FreeMemory.mebibytes(try memory.bytes(batchSize: 2))
        #expect(error?.description.contains("\(needed) MiB") == true)
        #expect(error?.description.contains("10 MiB") == true)
    }
}
