import Foundation

/// Key material in memory that is overwritten when the last reference goes.
///
/// The buffer is never resized or copied by this type. `withBytes` hands out the memory itself; do not keep the
/// pointer. Printing shows the length only.
public final class SecretBytes: Sendable {
    // The buffer is written in `init` and wiped in `deinit`, and only read between: sharing it is safe.
    nonisolated(unsafe) private let buffer: UnsafeMutableRawBufferPointer

    /// Takes a copy of `bytes`. The caller wipes its own.
    public init(_ bytes: some Collection<UInt8>) {
        self.buffer = .allocate(byteCount: bytes.count, alignment: 16)
        self.buffer.copyBytes(from: bytes)
    }

    /// Lets `fill` write `count` bytes of key material in place.
    public init(count: Int, fill: (UnsafeMutableRawBufferPointer) throws -> Void) rethrows {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 16)
        buffer.initializeMemory(as: UInt8.self, repeating: 0)
        do {
            try fill(buffer)
        } catch {
            wipe(buffer)
            buffer.deallocate()
            throw error
        }
        self.buffer = buffer
    }

    deinit {
        wipe(self.buffer)
        self.buffer.deallocate()
    }

    /// The number of bytes.
    public var count: Int { self.buffer.count }

    /// Reads the bytes in place.
    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try body(UnsafeRawBufferPointer(self.buffer))
    }
}

extension SecretBytes: CustomStringConvertible, CustomReflectable {
    public var description: String { "<\(self.count) secret bytes>" }
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// Overwrites memory in a way that the optimiser may not remove.
public func wipe(_ buffer: UnsafeMutableRawBufferPointer) {
    guard let base = buffer.baseAddress else { return }
    #if canImport(Glibc)
        explicit_bzero(base, buffer.count)
    #else
        memset_s(base, buffer.count, 0, buffer.count)
    #endif
}
