import { type FormEvent, useState } from "react";
import { Button, ErrorNote, TextField } from "../../../components/controls";
import { Icon } from "../../../components/Icon";
import { RemoteState } from "../../../components/RemoteState";
import { useAction } from "../../../hooks/useAction";
import { navigate } from "../../../hooks/useRoute";
import { placeOf } from "../../../lib/telemetry";
import { telemetryActions, type TelemetryDestination, type TelemetryState, useTelemetry } from "../../../state/telemetry";
import { Card } from "../../Page";
import { DestinationForm } from "./DestinationForm";
import { DestinationRow } from "./DestinationRow";

/** Where errors, traces and the log go. */
export function Telemetry(): JSX.Element {
  const view = useTelemetry();
  const [editing, setEditing] = useState<string | null>(null);
  const { value } = view;
  const edited = value?.destinations.find(({ kind }) => kind === editing);
  return (
    <>
      <RemoteState view={view} lines={6} />
      {value !== null && (
        <>
          <Leaving destinations={value.destinations} />
          {value.problem !== undefined && <ErrorNote error={value.problem} />}
          <Card title="Destinations" lead="What is to be sent is written to a journal first, sealed, and goes from there. Nothing is lost without being counted.">
            <ul className="list">{value.destinations.map((destination) => <DestinationRow key={destination.kind} destination={destination} onEdit={() => setEditing(destination.kind)} />)}</ul>
          </Card>
          <Name key={value.environment} state={value} />
        </>
      )}
      {edited !== undefined && <DestinationForm destination={edited} onClose={() => setEditing(null)} />}
    </>
  );
}

/** What leaves the machine now, what may, and what never does. */
function Leaving({ destinations }: { destinations: readonly TelemetryDestination[] }): JSX.Element {
  const on = destinations.filter(({ isSet }) => isSet);
  return (
    <Card title="What leaves this machine">
      {on.length === 0
        ? <p className="good"><Icon name="check" size={16} />No telemetry. It stays so until you set a destination below.</p>
        : <ul className="leaving-now">{on.map((destination) => <li key={destination.kind}>{destination.title}{placeOf(destination) !== null && <> at <code className="wrap">{placeOf(destination)}</code></>} gets {destination.takes}.</li>)}</ul>}
      <div className="leaving">
        <section aria-label="What a destination gets">
          <h3>What a destination gets</h3>
          <ul>
            <li>The log: what the server did, in its own words, with routes, statuses, times and error codes.</li>
            <li>Traces: how long each step of a request or a reply took.</li>
            <li>Errors: the kind of failure and the lines of this program that it went through; how runs and visits ended.</li>
            <li>The version, the name below and a random number for this installation.</li>
          </ul>
        </section>
        <section aria-label="What never leaves">
          <h3>What never leaves</h3>
          <ul>
            <li>What you write, what models answer, titles, notes and memories.</li>
            <li>Search words, file names, addresses of pages.</li>
            <li>Keys, tokens, passwords and cookies.</li>
            <li>The name of this machine, your name, the address of your browser.</li>
          </ul>
        </section>
      </div>
      <p className="muted small">These fields do not exist in what is sent, so there is nothing to filter out. <a href="/log" onClick={(event) => { event.preventDefault(); navigate("/log"); }}>Status, Log</a> shows the very lines.</p>
    </Card>
  );
}

/** What the destinations call this installation. */
function Name({ state }: { state: TelemetryState }): JSX.Element {
  const [name, setName] = useState(state.environment);
  const { isBusy, error, run } = useAction();
  const isSound = /^[a-z0-9-]{1,32}$/.test(name);
  const save = (event: FormEvent) => {
    event.preventDefault();
    void run(() => telemetryActions.name(name));
  };
  return (
    <Card title="Name of this installation" lead={`All destinations see it, and the random number ${state.instance}.`}>
      <form autoComplete="off" className="row name-row" onSubmit={save}>
        <TextField label="Name" className="grow" value={name} maxLength={32} required spellCheck={false} error={isSound || name === "" ? null : "Small letters, digits and hyphens."} onChange={(event) => setName(event.target.value)} />
        <Button type="submit" disabled={isBusy || !isSound || name === state.environment}>Save</Button>
      </form>
      <ErrorNote error={error} />
    </Card>
  );
}
