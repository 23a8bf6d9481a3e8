import { type ReactNode, useEffect, useState } from "react";
import { CherryMark } from "../components/CherryMark";
import { Composer } from "../components/Composer";
import { Button, ErrorNote, IconButton } from "../components/controls";
import { LockState } from "../components/LockState";
import { MessageList } from "../components/MessageList";
import { navigate } from "../hooks/useRoute";
import { actions, type ApiError, useApp, useConversation, useModels, usePersonas, usePreferences } from "../state";

const suggestions = ["Plan a quiet weekend", "Explain something I read", "Help me write a letter", "Think a decision through"];

/** One conversation, or the beginning of one. */
export function Chat({ id, message, tools, onMenu }: { id: string | null; message: string | null; tools?: ReactNode; onMenu: () => void }): JSX.Element {
  const { connection } = useApp();
  const view = useConversation(id);
  const personas = usePersonas();
  const models = useModels();
  const preferences = usePreferences();
  const [error, setError] = useState<ApiError | null>(null);
  const [newPersona, setNewPersona] = useState<string | null>(null);
  const [announcement, setAnnouncement] = useState("");
  const [sent, setSent] = useState(0);
  const streamingID = view.streamingID;
  const isMissing = view.status === "missing";
  const personaID = view.conversation?.personaID ?? newPersona ?? preferences["persona.default"] ?? personas[0]?.id ?? "";
  const persona = personas.find((each) => each.id === personaID) ?? null;

  useEffect(() => setError(null), [id]);
  useEffect(() => {
    if (id !== null && message !== null) {
      void actions.showMessage(id, message);
    }
  }, [id, message]);
  useEffect(() => {
    if (streamingID === null) {
      return undefined;
    }
    document.title = "Answering · cherry";
    return () => {
      document.title = "cherry";
      setAnnouncement("The reply is complete.");
    };
  }, [streamingID]);

  const handleSend = async (text: string) => {
    setError(null);
    setSent((before) => before + 1);
    try {
      let target = id;
      if (target === null) {
        target = await actions.createConversation(personaID === "" ? {} : { personaID });
        await actions.send(target, text);
        navigate(`/c/${target}`);
      } else {
        await actions.send(target, text);
      }
    } catch (thrown) {
      setError(thrown as ApiError);
    }
  };

  const chooseModel = (value: string) => {
    const model = models.items[Number(value)];
    const reference = model === undefined ? null : { providerID: model.providerID, model: model.model };
    void (id === null ? actions.setPreference("model.default", reference) : actions.setConversationModel(id, reference));
  };
  const chosen = view.conversation?.model ?? persona?.model ?? models.default;
  const chosenIndex = models.items.findIndex((model) => model.providerID === chosen?.providerID && model.model === chosen.model);

  return (
    <main className={`chat hue-${persona?.hue ?? "cherry"}`} id="main">
      <header className="chat-head">
        <IconButton icon="menu" label="Open conversations" className="menu-button" onClick={onMenu} />
        <h1 className="truncate">{isMissing ? "Not here" : view.conversation?.title ?? "New conversation"}</h1>
        <select className="head-choice persona-choice" aria-label="Persona" value={personaID} onChange={(event) => (id === null ? setNewPersona(event.target.value) : void actions.setConversationPersona(id, event.target.value))}>
          {persona === null && personas.length > 0 && <option value={personaID} disabled>Nobody</option>}
          {personas.map((each) => <option key={each.id} value={each.id}>{each.name}</option>)}
        </select>
        <select className="head-choice" aria-label="Model" value={chosenIndex < 0 ? "" : String(chosenIndex)} onChange={(event) => chooseModel(event.target.value)}>
          {chosenIndex < 0 && <option value="">{models.isLoading ? "Models" : chosen?.model ?? "Default model"}</option>}
          {models.items.map((model, index) => <option key={`${model.providerID}${model.model}`} value={index}>{model.model}{model.isTiny ? " (tiny)" : ""}</option>)}
        </select>
        {id !== null && !isMissing && <IconButton icon="download" label="Export this conversation as Markdown" onClick={() => void actions.exportConversation(id, "markdown").catch(setError)} />}
        {id !== null && !isMissing && tools}
        {id !== null && !isMissing && <IconButton icon="print" label="Print" className="wide-only" onClick={() => print()} />}
        <LockState />
      </header>
      {id === null
        ? (
          <div className="welcome">
            <CherryMark size={56} />
            <h2>What is on your mind today?</h2>
            <p className="muted">{persona === null ? "" : `${persona.name} answers.`} Only this machine and the model you choose see what you write.</p>
            <div className="suggestions">{suggestions.map((text) => <Button key={text} onClick={() => void handleSend(text)}>{text}</Button>)}</div>
          </div>
        )
        : isMissing ? <div className="welcome"><h2>This conversation is not here</h2><p className="muted">It may have been deleted on another device.</p><Button onClick={() => navigate("/")}>New conversation</Button></div>
          : <MessageList view={view} personas={personas} models={models} target={message} sent={sent} onError={setError} />}
      <div className="chat-foot">
        <ErrorNote error={error ?? view.error} />
        {!isMissing && <Composer draftKey={id ?? "new"} isStreaming={streamingID !== null} isOffline={connection === "offline"} onSend={(text) => void handleSend(text)} onStop={() => { if (streamingID !== null) { void actions.stop(streamingID).catch(setError); } }} />}
      </div>
      <p className="visually-hidden" role="status">{announcement}</p>
    </main>
  );
}
