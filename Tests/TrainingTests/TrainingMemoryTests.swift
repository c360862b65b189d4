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

    @Test func whatCannotFitIsRefusedWithBothNumbers() throws {
        let error = #expect(throws: InputError.self) { try memory.largestBatch(limit: 64, free: 10 << 20) }
        let needed = FreeMemory.mebibytes(try memory.bytes(batchSize: 2))
        #expect(error?.description.contains("\(needed) MiB") == true)
        #expect(error?.description.contains("10 MiB") == true)
    }
}
