import CherryObservability

extension ServiceIdentity {
    /// This process, which plays every part. What the installation is called is up to the settings of telemetry.
    static let thisProgram = ServiceIdentity(
        service: "cherry",
        version: CherryApp.version,
        role: "all",
        environment: "production",
        instance: "local"
    )
}
