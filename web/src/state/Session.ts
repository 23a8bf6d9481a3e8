import { ApiError } from "../api/ApiError";
import { createDataKey, CryptoError, deriveKeys, makeKDF, openDataKey, rewrapDataKey, type DataKeys, type DerivedKeys, type LoginKeys } from "../lib/crypto";
import { makeID } from "../lib/ids";
import { isSameGroup, recoveryGroups } from "../lib/recovery";
import { Replica } from "../lib/replica";
import { eraseStorage, readHeader, SealedStorage, writeHeader } from "../lib/SealedStorage";
import type { Core } from "./core";
import type { Entry } from "./sync/outbox";
import type { Conversation, KDFParameters, Persona, Preference, Provider } from "./types";
import type { LockReason, Notice, RecoveryKit } from "./views";

/** Opens and closes the page: derives keys, opens the sealed copy, and forgets everything at a lock. */
export class Session {
  /** Called when the copy is open and lists are filled. */
  onOpened: () => void = () => undefined;
  /** Called before everything is forgotten. */
  onClosing: () => void = () => undefined;
  /** What proves the passphrase to a server that was away at the unlock; dropped once it was used. */
  private pendingLogin: LoginKeys | null = null;
  private loggingIn: Promise<void> | null = null;
  private kit: string | null = null;
  private closing: Promise<void> = Promise.resolve();

  constructor(private readonly core: Core) {}

  /** Finds out where the app stands. */
  async begin(): Promise<void> {
    const { core } = this;
    const hasLocalCopy = readHeader() !== null;
    try {
      const status = await core.client.status();
      core.patch({
        phase: status.vault === "uninitialized" ? "firstRun" : "locked",
        connection: "online",
        serverVersion: status.version,
        hasLocalCopy,
        retryAt: status.retryAfter === undefined ? null : Date.now() + status.retryAfter * 1000,
      });
      if (status.vault === "uninitialized" && hasLocalCopy) {
        await this.forgetBrowser();
      }
    } catch {
      core.patch({ phase: hasLocalCopy ? "locked" : "unreachableFirstRun", connection: "offline", hasLocalCopy });
    }
  }

  async setUp(passphrase: string): Promise<RecoveryKit> {
    const kdf = makeKDF();
    const derived = await deriveKeys(passphrase, kdf);
    const { recoveryCode } = await this.core.client.setUp(derived.login, kdf);
    await this.openCopy(derived, kdf);
    return this.ask(recoveryCode);
  }

  private ask(code: string): RecoveryKit {
    this.kit = code;
    const first = Math.floor(Math.random() * recoveryGroups);
    const second = (first + 1 + Math.floor(Math.random() * (recoveryGroups - 1))) % recoveryGroups;
    return { code, ask: [Math.min(first, second), Math.max(first, second)] };
  }

  async confirmRecovery(answers: Record<number, string>): Promise<number[]> {
    const code = this.kit ?? "";
    const wrong = Object.entries(answers).filter(([index, text]) => !isSameGroup(text, code, Number(index))).map(([index]) => Number(index));
    if (wrong.length === 0) {
      await this.core.client.confirmRecoveryKit();
      this.kit = null;
      this.core.app.update((state) => ({ ...state, vault: state.vault === null ? null : { ...state.vault, recoveryConfirmed: true } }));
    }
    return wrong;
  }

  /** Ends the first run. */
  finishSetUp(): void {
    this.kit = null;
    if (this.core.app.get().phase === "firstRun") {
      this.core.patch({ phase: "ready" });
      this.onOpened();
    }
  }

  async newRecoveryKit(passphrase: string): Promise<RecoveryKit> {
    const { login } = await this.derive(passphrase);
    const { recoveryCode } = await this.core.client.newRecoveryKit(login);
    this.core.app.update((state) => ({ ...state, vault: state.vault === null ? null : { ...state.vault, recoveryConfirmed: false } }));
    return this.ask(recoveryCode);
  }

  async unlock(passphrase: string): Promise<void> {
    const { core } = this;
    let kdf: KDFParameters | undefined;
    try {
      kdf = (await core.client.status()).kdf;
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 0) {
        throw error;
      }
      return this.unlockOffline(passphrase);
    }
    if (kdf === undefined) {
      core.patch({ phase: "firstRun" });
      return;
    }
    const derived = await deriveKeys(passphrase, kdf).catch(refuseWeakKDF);
    try {
      await core.client.unlock(derived.login);
    } catch (error) {
      if (error instanceof ApiError && error.retryAfter !== undefined) {
        core.patch({ retryAt: Date.now() + error.retryAfter * 1000 });
      }
      throw error;
    }
    await this.openCopy(derived, kdf);
    this.enter("online");
  }

  private async unlockOffline(passphrase: string): Promise<void> {
    const header = readHeader();
    if (header === null) {
      throw new ApiError({ code: "offline", message: "The server cannot be reached, and this browser has no copy to open.", hint: "Start the server and try again." });
    }
    const derived = await deriveKeys(passphrase, header.kdf).catch(refuseWeakKDF);
    let keys: DataKeys;
    try {
      keys = await openDataKey(header.dataKey, derived.localKEK);
    } catch (error) {
      if (error instanceof CryptoError) {
        throw new ApiError({ code: "wrongPassphrase", status: 401, message: "That is not the passphrase.", hint: "Check the keyboard layout and try again." });
      }
      throw error;
    }
    this.pendingLogin = derived.login;
    await this.fill(keys);
    this.enter("offline");
  }

  private enter(connection: "online" | "offline"): void {
    this.core.patch({ phase: "ready", connection, retryAt: null, hasLocalCopy: true });
    this.onOpened();
  }

  /** Whether the page was unlocked while the server was away, and the server does not know it yet. */
  get isLogInPending(): boolean {
    return this.pendingLogin !== null;
  }

  /** Logs in with what an offline unlock kept, before the server is asked for anything else. A login that is refused is not tried again. */
  logInAgain(): Promise<void> {
    const login = this.pendingLogin;
    if (login === null) {
      return Promise.resolve();
    }
    this.loggingIn ??= this.core.client.unlock(login).then(() => {
      this.pendingLogin = null;
    }, (error: unknown) => {
      if (!(error instanceof ApiError && error.isTransient)) {
        this.pendingLogin = null;
      }
      throw error;
    }).finally(() => {
      this.loggingIn = null;
    });
    return this.loggingIn;
  }

  async recover(code: string, passphrase: string): Promise<void> {
    const kdf = makeKDF();
    const derived = await deriveKeys(passphrase, kdf);
    await this.core.client.recover(code, derived.login, kdf);
    await this.openCopy(derived, kdf);
    this.enter("online");
  }

  async changePassphrase(current: string, next: string): Promise<void> {
    const before = await this.derive(current);
    const kdf = makeKDF();
    const after = await deriveKeys(next, kdf);
    await this.core.client.changePassphrase(before.login, { ...after.login, kdf });
    const header = readHeader();
    if (header !== null) {
      writeHeader({ ...header, kdf, dataKey: await rewrapDataKey(header.dataKey, before.localKEK, after.localKEK) });
    }
  }

  /** The keys of the passphrase by the server's parameters. */
  async derive(passphrase: string): Promise<DerivedKeys> {
    const { kdf } = await this.core.client.status();
    if (kdf === undefined) {
      throw new ApiError({ code: "uninitialized", message: "There is no vault yet." });
    }
    return deriveKeys(passphrase, kdf).catch(refuseWeakKDF);
  }

  /** Opens this browser's copy, making its key if there is none or if the passphrase was changed elsewhere. */
  private async openCopy(derived: DerivedKeys, kdf: KDFParameters): Promise<void> {
    const header = readHeader();
    let keys: DataKeys | null = null;
    if (header !== null) {
      keys = await openDataKey(header.dataKey, derived.localKEK).catch((error: unknown) => {
        if (error instanceof CryptoError) {
          return null; // sealed under an older passphrase
        }
        throw error;
      });
    }
    if (keys === null) {
      const dataKey = await createDataKey(derived.localKEK);
      keys = await openDataKey(dataKey, derived.localKEK);
      const fresh = await Replica.open(keys);
      await fresh.clearRecords();
      fresh.close();
      writeHeader({ version: 1, kdf, dataKey, ...(header === null ? {} : { previous: { kdf: header.kdf, dataKey: header.dataKey } }) });
    }
    await this.fill(keys);
  }

  /** Opens the replica and the sealed settings and reads the lists. */
  private async fill(keys: DataKeys): Promise<void> {
    const { core } = this;
    const [replica, storage] = await Promise.all([Replica.open(keys), SealedStorage.open(keys)]);
    core.replica = replica;
    core.storage = storage;
    const [conversations, personas, preferences, providers, queue] = await Promise.all([
      replica.all<Conversation>("conversations"), replica.all<Persona>("personas"), replica.all<Preference>("preferences"),
      replica.all<Provider>("providers"), replica.readQueue<Entry>(),
    ]);
    core.take([...conversations, ...personas, ...preferences, ...providers]);
    core.entries = queue.entries.map(({ value }) => value);
    core.patch({ oldWrites: queue.foreign });
    core.notices.set((storage.get("notices") ?? []) as unknown as Notice[]);
    if (storage.get("copy") === true && (await replica.readMeta<number>("cursor")) === null) {
      // The browser threw the copy away; the server has everything that was sent.
      core.setNotices([...core.notices.get(), { id: makeID(), at: Date.now(), kind: "copyRebuilt" }]);
    }
    await storage.set("copy", true);
    core.publish();
  }

  /** Takes over unsent writes that an older passphrase seals. */
  async openOldWrites(passphrase: string): Promise<number> {
    const { core } = this;
    const previous = readHeader()?.previous;
    if (previous === undefined || core.replica === null) {
      return 0;
    }
    const { localKEK } = await deriveKeys(passphrase, previous.kdf);
    const old = await openDataKey(previous.dataKey, localKEK).catch(() => {
      throw new ApiError({ code: "wrongPassphrase", status: 401, message: "That is not the passphrase these were sealed under." });
    });
    const count = await core.replica.adoptQueue(old);
    core.entries = (await core.replica.readQueue<Entry>()).entries.map(({ value }) => value);
    core.patch({ oldWrites: 0 });
    core.publish();
    return count;
  }

  async discardOldWrites(): Promise<void> {
    await this.core.replica?.dropForeignQueue();
    this.core.patch({ oldWrites: 0 });
  }

  /** Forgets the keys and everything readable in this page. */
  close(reason: LockReason): void {
    const { core } = this;
    if (core.app.get().phase !== "ready" && core.replica === null) {
      return;
    }
    this.onClosing();
    this.pendingLogin = null;
    this.kit = null;
    core.replica?.close();
    this.closing = core.storage?.close() ?? Promise.resolve();
    core.wipe();
    core.patch({ phase: "locked", lockReason: reason, vault: null, oldWrites: 0, sync: { isCatchingUp: false, waiting: 0, parked: 0, lastSyncedAt: null } });
  }

  /** Removes every trace from this browser. */
  async forgetBrowser(): Promise<void> {
    this.core.replica?.close();
    await this.closing; // a write that is under way must not come after
    eraseStorage();
    await Replica.destroy();
    await Promise.all((await caches.keys()).map((name) => caches.delete(name)));
    this.core.patch({ hasLocalCopy: false });
  }
}

function refuseWeakKDF(error: unknown): never {
  if (error instanceof CryptoError) {
    throw new ApiError({
      code: "weakServerKDF", message: "The server asks for weaker protection of your passphrase than this app allows.",
      hint: "Nothing was sent. Check that this is your server.",
    });
  }
  throw error;
}
