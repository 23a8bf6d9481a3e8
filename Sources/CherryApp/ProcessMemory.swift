import CLinux
import Foundation

/// Keeps the memory of a process that serves for long as small as its work.
enum ProcessMemory {
    /// Sets the allocator up, before most threads begin.
    static func configure() {
        #if os(Linux)
            // By default every thread fills an arena of its own and keeps of it the most that it ever needed; and what is
            // large is soon given room among the small, which keeps all of it from going back.
            mallopt(M_ARENA_MAX, 2)
            mallopt(M_TRIM_THRESHOLD, 256 << 10)
            mallopt(M_MMAP_THRESHOLD, 64 << 10)
        #endif
    }

    /// Gives back what a start or an unlock needed and the work to come does not: free memory, and the program's own pages,
    /// most of which were read once. Those that are needed again come back from the system's cache.
    static func giveBack() {
        #if os(Linux)
            malloc_trim(0)
            // What was ever writable is left alone: it may differ from the file.
            for header in Self.programHeaders where header.p_type == PT_LOAD && header.p_flags & UInt32(PF_W) == 0 {
                let start = Self.programAddress + UInt(header.p_vaddr)
                // A refusal costs memory and nothing else.
                _ = madvise(UnsafeMutableRawPointer(bitPattern: start & ~0xFFF), Int(header.p_memsz), MADV_DONTNEED)
            }
        #endif
    }

    #if os(Linux)
        /// How the program lies in memory, as the kernel says.
        private static var programHeaders: UnsafeBufferPointer<Elf64_Phdr> {
            UnsafeBufferPointer(
                start: UnsafePointer(bitPattern: getauxval(UInt(AT_PHDR))),
                count: Int(getauxval(UInt(AT_PHNUM)))
            )
        }

        /// Where it was put.
        private static var programAddress: UInt {
            let own = Self.programHeaders.first { $0.p_type == PT_PHDR }
            return own.map { getauxval(UInt(AT_PHDR)) - UInt($0.p_vaddr) } ?? 0
        }
    #endif
}
