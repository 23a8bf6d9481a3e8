const paths = {
  add: "M10 4v12M4 10h12",
  arrowDown: "M10 4v12M5 11l5 5 5-5",
  arrowUp: "M10 16V4M5 9l5-5 5 5",
  back: "M12.5 4.5L7 10l5.5 5.5",
  branch: "M6 6.5v7M6 13.5c0-4 8-2.5 8-7M6 6.5a1.75 1.75 0 1 0 0-3.5 1.75 1.75 0 0 0 0 3.5zM6 17a1.75 1.75 0 1 0 0-3.5A1.75 1.75 0 0 0 6 17zM14 6.5A1.75 1.75 0 1 0 14 3a1.75 1.75 0 0 0 0 3.5z",
  chart: "M3.5 16.5h13M5.5 13.5v-4M10 13.5v-9M14.5 13.5v-6",
  check: "M4.5 10.5l3.5 3.5 7.5-8",
  chevronDown: "M5.5 8l4.5 4.5L14.5 8",
  chevronRight: "M8 5.5l4.5 4.5L8 14.5",
  close: "M5 5l10 10M15 5L5 15",
  cloudOff: "M3 3l14 14M8.2 5.3A5 5 0 0 1 14.6 9a3.3 3.3 0 0 1 1.9 5.2M13.5 15H6.2a3.7 3.7 0 0 1-.6-7.3",
  code: "M7 6l-4 4 4 4M13 6l4 4-4 4",
  copy: "M7.5 7.5h8v9h-8zM12.5 7.5v-4h-8v9h3",
  database: "M4 5.5C4 4.1 6.7 3 10 3s6 1.1 6 2.5S13.3 8 10 8 4 6.9 4 5.5zM4 5.5v9C4 15.9 6.7 17 10 17s6-1.1 6-2.5v-9M4 10c0 1.4 2.7 2.5 6 2.5s6-1.1 6-2.5",
  device: "M3.5 4.5h13v8.5h-13zM7 16.5h6",
  download: "M10 3v9.5M5.8 8.5L10 12.7l4.2-4.2M4 16.5h12",
  edit: "M4 16l.8-3.4L13.2 4.2a1.5 1.5 0 0 1 2.1 0l.5.5a1.5 1.5 0 0 1 0 2.1L7.4 15.2z",
  external: "M11.5 4H16v4.5M16 4l-7 7M13.5 11.5V16H4V6.5h4.5",
  eye: "M2.5 10S5 4.8 10 4.8 17.5 10 17.5 10 15 15.2 10 15.2 2.5 10 2.5 10zM10 12.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4z",
  eyeOff: "M3 3l14 14M8.2 5C14.5 3.7 17.5 10 17.5 10a13 13 0 0 1-2.2 2.9M5 6.5A12.5 12.5 0 0 0 2.5 10S5 15.2 10 15.2c1.2 0 2.2-.3 3.1-.7",
  info: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 9.3V13.5M10 6.6v.1",
  keyboard: "M2.5 5.5h15v9h-15zM6 12h8M5.5 8.5h.1M8.5 8.5h.1M11.5 8.5h.1M14.5 8.5h.1",
  link: "M8.5 11.5a3 3 0 0 0 4.3 0l2.6-2.6a3 3 0 0 0-4.3-4.3l-1 1M11.5 8.5a3 3 0 0 0-4.3 0l-2.6 2.6a3 3 0 0 0 4.3 4.3l1-1",
  key: "M7 12.9a3.4 3.4 0 1 0 0-6.8 3.4 3.4 0 0 0 0 6.8zM10.4 9.5h6.6v3M13.6 9.5v2.3",
  lock: "M4.8 9h10.4v7.5H4.8zM6.8 9V6.4a3.2 3.2 0 0 1 6.4 0V9M10 12v1.8",
  menu: "M3.5 6h13M3.5 10h13M3.5 14h13",
  more: "M4.8 10h.1M10 10h.1M15.2 10h.1",
  grip: "M7.5 5.5h.1M12.5 5.5h.1M7.5 10h.1M12.5 10h.1M7.5 14.5h.1M12.5 14.5h.1",
  image: "M3.5 4.5h13v11h-13zM3.5 13.5l4-4 3.5 3.5 2-2 3.5 3.5M13 8h.1",
  panel: "M3 4.5h14v11H3zM12.5 4.5v11",
  pause: "M7 5v10M13 5v10",
  people: "M8 9.5a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6zM3 16.5c0-3 2.2-4.7 5-4.7s5 1.7 5 4.7M13 4.2a2.7 2.7 0 0 1 0 5.2M14.5 12.1c1.6.6 2.7 2 2.7 4.2",
  pin: "M7.5 3.5h5l-.6 5 2.6 2.5v1.5h-9V11l2.6-2.5zM10 12.5v4.5",
  plug: "M7.5 3v4M12.5 3v4M5.5 7h9v2.5a4.5 4.5 0 0 1-9 0zM10 14v3",
  play: "M6.5 4.5l9 5.5-9 5.5z",
  print: "M6 7V3h8v4M6 14H3.5V7h13v7H14M6 11.5h8V17H6z",
  refresh: "M16 9a6 6 0 0 0-10.8-2.6L4 8M4 4v4h4M4 11a6 6 0 0 0 10.8 2.6L16 12M16 16v-4h-4",
  search: "M9 14.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zM13 13l4 4",
  send: "M10 16.5V4M4.8 9L10 3.8 15.2 9",
  settings: "M3 6h7.5M14.5 6H17M3 14h2.5M9.5 14H17M12.5 8a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM7.5 16a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
  shield: "M10 2.8l6 2.2v4.5c0 3.7-2.5 6.3-6 7.7-3.5-1.4-6-4-6-7.7V5z",
  sidebar: "M3 4.5h14v11H3zM7.5 4.5v11",
  status: "M2.5 10.5h3.5l2-5.5 4 10 2-4.5h3.5",
  stop: "M6 6h8v8H6z",
  sun: "M10 13a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM10 2.5v1.7M10 15.8v1.7M2.5 10h1.7M15.8 10h1.7M4.7 4.7l1.2 1.2M14.1 14.1l1.2 1.2M4.7 15.3l1.2-1.2M14.1 5.9l1.2-1.2",
  thought: "M6 4h8a2.5 2.5 0 0 1 2.5 2.5v4A2.5 2.5 0 0 1 14 13h-3.5L7 16v-3H6a2.5 2.5 0 0 1-2.5-2.5v-4A2.5 2.5 0 0 1 6 4z",
  tool: "M12.6 3.6a4 4 0 0 0-4.9 5.2L3.4 13.1a1.9 1.9 0 0 0 0 2.7l.8.8a1.9 1.9 0 0 0 2.7 0l4.3-4.3a4 4 0 0 0 5.2-4.9l-2.5 2.5-2.9-.9-.9-2.9z",
  trash: "M3.5 5.5h13M8 5.5V3.5h4v2M5 5.5l.8 11h8.4l.8-11M8.3 8.5v5M11.7 8.5v5",
  undo: "M7.5 4L4 7.5 7.5 11M4 7.5h7.5a4.3 4.3 0 0 1 0 8.6H8",
  unlock: "M4.8 9h10.4v7.5H4.8zM6.8 9V6.4a3.2 3.2 0 0 1 6-1.5M10 12v1.8",
  upload: "M10 13V3.5M5.8 7.5L10 3.3l4.2 4.2M4 16.5h12",
  warning: "M10 3.5l7.3 12.8H2.7zM10 8.2v3.6M10 14v.1",
  wrap: "M3.5 5.5h13M3.5 10h10.2a2.6 2.6 0 0 1 0 5.2H10M12 13l-2.2 2.2L12 17.4M3.5 15h3",
} as const;

/** The symbols of the interface. */
export type IconName = keyof typeof paths;

/** One symbol, drawn in the colour of the text; never read aloud, so what holds it needs a name. */
export function Icon({ name, size = 18 }: { name: IconName; size?: number }): JSX.Element {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 20 20" fill="none" stroke="currentColor" strokeWidth={name === "more" || name === "grip" ? 2.4 : 1.5} strokeLinecap="round" strokeLinejoin="round" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
