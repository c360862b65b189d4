/// Where a server listens, and what it takes.
public struct ServerSettings: Sendable {
    public var address: LoopbackAddress
    /// 0 takes a free one.
    public var port: UInt16
    /// Threads of the network.
    public var threads: Int
    /// Of one image.
    public var maximumBytes: Int
    /// Images that may wait for the network beside the one that it has.
    public var maximumWaiting = 64
    /// Bytes of images that all requests together may hold.
    public var maximumHeldBytes: Int
    /// Seconds in which an image must have arrived.
    public var bodySeconds = 60.0
    /// Seconds for which a connection may be silent.
    public var idleSeconds = 30.0

    public init(address: LoopbackAddress, port: UInt16, threads: Int, maximumBytes: Int = 20_000_000) {
        self.address = address
        self.port = port
        self.threads = threads
        self.maximumBytes = maximumBytes
        maximumHeldBytes = 16 * maximumBytes
    }
}
