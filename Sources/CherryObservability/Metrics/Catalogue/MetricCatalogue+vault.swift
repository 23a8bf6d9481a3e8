extension MetricCatalogue {
    static let vault: [MetricDeclaration] = [
        MetricDeclaration(
            "cherry_vault_state",
            .gauge,
            help: "1 for the state that the vault is in.",
            labels: [MetricLabel("state", .among(["uninitialized", "sealed", "unlocked"]))]
        )
    ]
}
