enum CherryMemoryPlaceholder {}
