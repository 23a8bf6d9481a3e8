/** Names that tools and people expect. */
export const knownAliases = [
  { name: "fast", means: "Answers soon and costs little." },
  { name: "smart", means: "The best answer, whatever it takes." },
  { name: "private", means: "Never leaves this machine." },
] as const;
