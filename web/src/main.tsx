import { createRoot } from "react-dom/client";
import { Fallback } from "./components/Fallback";
import { watchPage } from "./lib/sentry/early";
import { App } from "./scenes/App";
import { start } from "./state";
import "./styles/index.css";

watchPage(window);
start();
const root = document.getElementById("root");
if (root !== null) {
  createRoot(root).render(<Fallback><App /></Fallback>);
}
