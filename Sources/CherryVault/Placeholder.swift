enum CherryVaultPlaceholder {}
