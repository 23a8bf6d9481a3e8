import Foundation

/// The figures of the process itself, under the names that every Prometheus client library gives them, and what runs.
public enum ProcessMetrics {
    public static let declarations: [MetricDeclaration] = [
        MetricDeclaration(
            "process_cpu_seconds_total",
            .counter,
            unit: "seconds",
            help: "Processor time spent, in user and system mode together."
        ),
        MetricDeclaration(
            "process_resident_memory_bytes",
            .gauge,
            unit: "bytes",
            help: "Memory of the process that is in RAM."
        ),
        MetricDeclaration(
            "process_virtual_memory_bytes",
            .gauge,
            unit: "bytes",
            help: "Address space of the process."
        ),
        MetricDeclaration("process_open_fds", .gauge, help: "File descriptors that are open."),
        MetricDeclaration("process_max_fds", .gauge, help: "File descriptors that may be open."),
        MetricDeclaration(
            "process_start_time_seconds",
            .gauge,
            unit: "seconds",
            help: "When the process started, in seconds since 1970."
        ),
        MetricDeclaration("process_threads", .gauge, help: "Threads of the process."),
        MetricDeclaration(
            "cherry_build_info",
            .gauge,
            help: "Always 1; its labels tell the version that runs and the part that it plays.",
            labels: [
                MetricLabel("version", .names(limit: 2)),
                MetricLabel("role", .among(["all", "api", "bridge", "monitor"])),
            ]
        ),
    ]

    /// Reads all of them at each scrape.
    ///
    /// - Parameter identity: what runs.
    public static func collect(into registry: MetricRegistry, identity: ServiceIdentity) {
        registry.collect {
            var samples = [
                CollectedSample(
                    "cherry_build_info",
                    labels: ["version": identity.version, "role": identity.role],
                    1
                )
            ]
            if let status = ProcessStatus.current() {
                samples += [
                    CollectedSample("process_cpu_seconds_total", status.cpuSeconds),
                    CollectedSample("process_resident_memory_bytes", status.residentBytes),
                    CollectedSample("process_virtual_memory_bytes", status.virtualBytes),
                    CollectedSample("process_start_time_seconds", status.startTime),
                    CollectedSample("process_threads", Double(status.threads)),
                ]
            }
            if let open = Self.openDescriptors() { samples.append(CollectedSample("process_open_fds", open)) }
            var limit = rlimit()
            if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
                samples.append(CollectedSample("process_max_fds", Double(limit.rlim_cur)))
            }
            return samples
        }
    }

    private static func openDescriptors() -> Double? {
        // Absent: nothing to show. One of them is that of the reading.
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") else { return nil }
        return Double(max(0, names.count - 1))
    }
}
