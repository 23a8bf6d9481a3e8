enum CherryAssistantPlaceholder {}
