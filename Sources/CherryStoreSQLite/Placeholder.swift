enum CherryStoreSQLitePlaceholder {}
