import { CherryMark } from "../../components/CherryMark";
import { useApp } from "../../state";
import { Card } from "../Page";

export function About(): JSX.Element {
  const { serverVersion } = useApp();
  return (
    <Card title="About">
      <div className="row"><CherryMark size={36} /><div><p>cherry {serverVersion ?? ""}</p><p className="muted small">A private AI for one person. Apache 2.0.</p></div></div>
      <p className="muted">This page asks nothing of any other address than its own. Fonts and code come from your server.</p>
    </Card>
  );
}
