import Foundation

/// What this CPU has: blocks that fill a cache are larger where the cache is.
enum CacheSize {
    /// Bytes of a core's second cache; 1 MiB where the system does not say.
    static let second: Int = {
        let size = sysconf(Int32(_SC_LEVEL2_CACHE_SIZE))
        return size > 0 ? size : 1 << 20
    }()
}
