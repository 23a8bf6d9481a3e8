enum CherryTestingPlaceholder {}
