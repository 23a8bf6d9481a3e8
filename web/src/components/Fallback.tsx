import { Component, type ReactNode } from "react";
import { noteFailure } from "../lib/sentry/early";
import { CherryMark } from "./CherryMark";
import { Button } from "./controls";

/** What is shown instead of an empty page when drawing it failed. */
export class Fallback extends Component<{ children: ReactNode }, { hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError(): { hasFailed: boolean } {
    return { hasFailed: true };
  }

  override componentDidCatch(error: Error): void {
    noteFailure(error, "boundary");
  }

  override render(): ReactNode {
    return !this.state.hasFailed ? this.props.children : (
      <main className="gate"><div className="gate-card">
        <CherryMark size={44} />
        <h1>This page stopped working</h1>
        <p className="muted">What was sent or is waiting to be sent is kept. Reload the page and unlock it to go on.</p>
        <Button look="main" onClick={() => location.reload()}>Reload</Button>
      </div></main>
    );
  }
}
