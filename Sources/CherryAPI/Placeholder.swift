enum CherryAPIPlaceholder {}
