import Dispatch
import Neural
import Synchronization
import Testing

@Suite struct WorkerPoolTests {
    /// Results do not tell whether anybody helps. A piece waits for another, which a thread alone would never come to; where
    /// another test has the pool, it is tried again.
    @Test func piecesRunSideBySide() async throws {
        let workers = Workers(count: 3)
        for _ in 0..<600 {
            let running = Atomic<Int>(0)
            let met = Atomic<Int>(0)
            workers.run(2) { _, worker in
                precondition((0..<3).contains(worker))
                running.wrappingAdd(1, ordering: .relaxed)
                let clock = ContinuousClock()
                let end = clock.now + .milliseconds(100)
                while running.load(ordering: .relaxed) < 2, clock.now < end {}
                if clock.now < end { met.wrappingAdd(1, ordering: .relaxed) }
            }
            if met.load(ordering: .relaxed) == 2 { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        Issue.record("two pieces never ran at one time")
    }

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
