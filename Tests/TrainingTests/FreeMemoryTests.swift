import Evaluation
import Foundation
import Testing
import Training

/// Limits of control groups and of the process, told by files as Linux writes them.
@Suite struct FreeMemoryTests {
    private func group(_ scratch: Scratch, _ folder: String, _ files: [String: String]) throws {
        for (name, text) in files { try scratch.write(text + "\n", to: "\(folder)/\(name)") }
    }

    @Test func pagesThatWillBeGivenBackAreFree() throws {
        let scratch = try Scratch()
        let groups = ControlGroups(mount: scratch.path, membership: "0::/\n")
        #expect(groups.free() == nil)
        try group(scratch, ".", ["memory.max": "max", "memory.high": "max", "memory.current": "700"])
        #expect(groups.free() == nil)
        try group(scratch, ".", ["memory.max": "1000"])
        #expect(groups.free() == 300)
        try group(scratch, ".", ["memory.stat": "anon 50\ninactive_file 450\nactive_file 200"])
        #expect(groups.free() == 750)
        try group(scratch, ".", ["memory.high": "900"])
        #expect(groups.free() == 650)
        // More in use than allowed, and a count that lags behind.
        try group(scratch, ".", ["memory.current": "1700", "memory.stat": "inactive_file 90"])
        #expect(groups.free() == 0)
        try group(scratch, ".", ["memory.current": "100", "memory.stat": "inactive_file 5000"])
        #expect(groups.free() == 900)
    }

    @Test func theNearestOfNestedLimitsCounts() throws {
        let scratch = try Scratch()
        let groups = ControlGroups(mount: scratch.path, membership: "0::/user/job\n")
        try group(scratch, "user", ["memory.max": "1000", "memory.current": "100"])
        #expect(groups.free() == 900)
        try group(scratch, "user/job", ["memory.max": "500", "memory.current": "50"])
        #expect(groups.free() == 450)
        try group(scratch, "user", ["memory.current": "800"])
        #expect(groups.free() == 200)
        try group(scratch, "other", ["memory.max": "1", "memory.current": "1"])
        #expect(groups.free() == 200)
        // The group's path outside of a container does not exist inside of it.
        try group(scratch, ".", ["memory.max": "120", "memory.current": "50"])
        #expect(ControlGroups(mount: scratch.path, membership: "0::/../../elsewhere").free() == 70)
    }

    @Test func theFirstVersionIsRead() throws {
        let scratch = try Scratch()
        let membership = "5:devices:/a\n4:cpu,memory:/docker/x\n0::/\n"
        let groups = ControlGroups(mount: scratch.path, membership: membership)
        try group(
            scratch, "memory", ["memory.limit_in_bytes": "9223372036854771712", "memory.usage_in_bytes": "900"])
        #expect(groups.free() == nil)
        try group(
            scratch, "memory/docker/x",
            [
                "memory.limit_in_bytes": "1000", "memory.usage_in_bytes": "900",
                "memory.stat": "inactive_file 1\ntotal_inactive_file 400",
            ])
        #expect(groups.free() == 500)
    }

    @Test func weightsAreReadWhereThereIsRoomForThem() throws {
        let scratch = try Scratch()
        try scratch.write(String(repeating: "w", count: 3 << 20), to: "weights")
        let path = scratch.path + "/weights"
        #expect(try FreeMemory.readWeights(path, free: 9 << 20).count == 3 << 20)
        #expect(try FreeMemory.readWeights(path, free: nil).count == 3 << 20)
        let error = #expect(throws: InputError.self) { try FreeMemory.readWeights(path, free: 8 << 20) }
        #expect(error?.description == "\(path): not enough memory for the weights; expected 9 MiB free; got 8 MiB")
        #expect(throws: InputError.self) { try FreeMemory.readWeights(scratch.path + "/none", free: 8 << 20) }
        #expect(FreeMemory.mebibytes(.max) == 1 << 43 && FreeMemory.mebibytes(1) == 1)
    }

    @Test func theProcessesOwnLimitsCount() throws {
        let scratch = try Scratch()
        try scratch.write("Name:\tassay\nVmSize:\t  2000 kB\nVmData:\t 1000 kB\n", to: "status")
        func free(_ address: String, _ data: String, threads: Int = 0) -> Int? {
            let limits = """
                Limit                     Soft Limit           Hard Limit           Units
                Max data size             \(data)            unlimited            bytes
                Max address space         \(address)            unlimited            bytes
                """
            return ProcessLimits.free(limits: limits, status: scratch.path + "/status", threads: threads)
        }
        #expect(free("unlimited", "unlimited") == nil)
        #expect(free("4096000", "unlimited") == 4_096_000 - 2_048_000)
        #expect(free("4096000", "2000000") == 2_000_000 - 1_024_000)
        #expect(free("1000", "unlimited") == 0)
        #expect(free("1073741824", "unlimited", threads: 2) == 1_073_741_824 - 2_048_000 - 2 * (72 << 20))
    }
}
