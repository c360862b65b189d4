import AssayWeb
import Testing

@Suite struct HeldBytesTests {
    @Test func noMoreIsTakenThanThereIsRoomFor() throws {
        let held = HeldBytes(limit: 10)
        try held.take(6)
        #expect(throws: WebError.busy) { try held.take(5) }
        #expect(held.count == 6)
        try held.take(4)
        held.giveBack(10)
        #expect(held.count == 0)
    }

    @Test func everyRequestGivesBackWhatItHeld() async throws {
        let picture = try ServedModel.picture(seed: 1)
        let handler = try ServedModel.handler { $0.maximumBytes = picture.count }
        for (body, status) in [(picture, 200), ([1, 2, 3], 400), (picture + picture, 413)] {
            #expect(try await Exchange(handler, .POST, "/predict", body: body).status == status)
            #expect(handler.heldBytes == 0)
        }
    }

    @Test func aRequestThatFindsNoRoomIsToldToComeAgain() async throws {
        let picture = try ServedModel.picture(seed: 1)
        let handler = try ServedModel.handler { $0.maximumHeldBytes = picture.count - 1 }
        #expect(try await Exchange(handler, .POST, "/predict", body: picture).status == 503)
        #expect(handler.heldBytes == 0)
    }
}
