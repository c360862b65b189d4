import AssayWeb
import FlyingFox
import Testing

@Suite struct PredictionQueueTests {
    @Test func whatIsAskedAtOnceIsAnsweredAsWhatIsAskedAlone() async throws {
        let handler = try ServedModel.handler()
        let pictures = try (0..<20).map { try ServedModel.picture(seed: UInt64($0)) }
        var alone: [[UInt8]] = []
        for picture in pictures { alone.append(try await Exchange(handler, .POST, "/predict", body: picture).bytes) }
        #expect(Set(alone).count == 20)
        let together = try await withThrowingTaskGroup(of: (Int, [UInt8]).self) { group in
            for (index, picture) in pictures.enumerated() {
                group.addTask { (index, try await Exchange(handler, .POST, "/predict", body: picture).bytes) }
            }
            var replies = [[UInt8]](repeating: [], count: pictures.count)
            for try await (index, bytes) in group { replies[index] = bytes }
            return replies
        }
        #expect(together == alone)
    }

    @Test func moreThanMayWaitAreToldToComeAgain() async throws {
        // A larger input, so that none is done before the rest have come.
        let handler = try ServedModel.handler(ServedModel.make(size: 256)) { $0.maximumWaiting = 2 }
        let picture = try ServedModel.picture(seed: 1)
        let exchanges = try await withThrowingTaskGroup(of: Exchange.self) { group in
            for _ in 0..<40 { group.addTask { try await Exchange(handler, .POST, "/predict", body: picture) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let refused = exchanges.filter { $0.status == 503 }
        #expect(!refused.isEmpty && exchanges.count { $0.status == 200 } == 40 - refused.count)
        #expect(exchanges.count { $0.status == 200 } >= 3)
        #expect(refused.allSatisfy { $0.headers[HTTPHeader("Retry-After")] == "1" })
        // And then there is room again.
        #expect(try await Exchange(handler, .POST, "/predict", body: picture).status == 200)
    }
}
