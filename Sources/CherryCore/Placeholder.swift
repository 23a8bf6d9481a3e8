enum CherryCorePlaceholder {}
