import Dispatch
import Neural
import Synchronization
import Testing

@Suite struct WorkerPoolTests {
    /// Plans of several threads share the pool; whoever finds it taken works without, and nobody's answer changes.
    @Test func plansOnSeveralThreadsDoNotDisturbEachOther() throws {
        let graph = try ResNet(named: "resnet10s").graph(labelCount: 3, head: .linear)
        let parameters = try Parameters(graph)
        parameters.initialise(seed: 9)
        let shape = MapShape(images: 2, height: 32, width: 32, channels: 3)
        let images = ReferenceNumbers.images(2, 32, 32)
        @Sendable func answer(threads: Int) throws -> [Float] {
            try InferencePlan(graph, parameters, input: shape, workers: Workers(count: threads)).run(images, count: 2)
        }
        let expected = try answer(threads: 1)
        let wrong = Atomic<Int>(0)
        DispatchQueue.concurrentPerform(iterations: 4) { caller in
            for round in 0..<40 where (try? answer(threads: 2 + (caller + round) % 4)) != expected {
                wrong.wrappingAdd(1, ordering: .relaxed)
            }
        }
        #expect(wrong.load(ordering: .relaxed) == 0)
    }
}
