enum CherryAppPlaceholder {}
