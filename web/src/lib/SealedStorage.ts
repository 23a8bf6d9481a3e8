import type { JSONValue, KDFParameters } from "../state/types";
import { fromBase64URL, toBase64URL } from "./bytes";
import { type DataKeys, opaque, openJSON, sealJSON, type WrappedDataKey } from "./crypto";

/**
 * What must be readable before unlocking and is no secret: how the passphrase is stretched and this browser's data key, wrapped by it.
 * Someone who copies it can try passphrases against it, exactly as against the server's own header.
 */
export interface LocalHeader {
  version: 1;
  kdf: KDFParameters;
  dataKey: WrappedDataKey;
  /** The data key before the passphrase was changed elsewhere, kept while unsent writes are sealed under it. */
  previous?: { kdf: KDFParameters; dataKey: WrappedDataKey };
}

interface Entry {
  name: string;
  value: JSONValue;
}

const headerKey = "cherry.header";
const prefix = "cherry.sealed.";
const store = "storage";

/** Reads the header; `null` when there is none or it cannot be read. */
export function readHeader(storage: Storage = localStorage): LocalHeader | null {
  try {
    const header = JSON.parse(storage.getItem(headerKey) ?? "null") as LocalHeader | null;
    return header?.version === 1 ? header : null;
  } catch {
    return null; // a damaged header counts as none: the server has everything that was sent
  }
}

/** Replaces the header. */
export function writeHeader(header: LocalHeader, storage: Storage = localStorage): void {
  storage.setItem(headerKey, JSON.stringify(header));
}

/** Removes everything that the app keeps in localStorage. */
export function eraseStorage(storage: Storage = localStorage): void {
  for (const key of ownKeys(storage, "cherry.")) {
    storage.removeItem(key);
  }
}

function ownKeys(storage: Storage, start: string): string[] {
  return Array.from({ length: storage.length }, (_, index) => storage.key(index)).filter((key): key is string => key?.startsWith(start) ?? false);
}

/**
 * Small values kept in localStorage, sealed, under names that say nothing: the only user of localStorage.
 *
 * Reads are from memory, where everything is once it is unlocked; writes are sealed in order.
 */
export class SealedStorage {
  private readonly values = new Map<string, JSONValue>();
  private tail: Promise<void> = Promise.resolve();

  private constructor(private readonly keys: DataKeys, private readonly storage: Storage) {}

  /** Opens what is there. Entries that do not open (sealed under another key, damaged, moved) are removed. */
  static async open(keys: DataKeys, storage: Storage = localStorage): Promise<SealedStorage> {
    const opened = new SealedStorage(keys, storage);
    await Promise.all(ownKeys(storage, prefix).map(async (key) => {
      const sealed = fromBase64URL(storage.getItem(key) ?? "");
      try {
        const entry = await openJSON<Entry>(keys, store, key, 1, sealed ?? new Uint8Array(0));
        opened.values.set(entry.name, entry.value);
      } catch {
        storage.removeItem(key);
      }
    }));
    return opened;
  }

  /** The value under a name. */
  get(name: string): JSONValue | undefined {
    return this.values.get(name);
  }

  /** Keeps a value; resolves when it is sealed and stored. */
  set(name: string, value: JSONValue): Promise<void> {
    this.values.set(name, value);
    return this.write(async () => {
      // Several quick writes of one name seal only the newest.
      if (this.values.get(name) !== value) {
        return;
      }
      const key = prefix + await opaque(this.keys, store, name);
      const sealed = await sealJSON(this.keys, store, key, 1, { name, value });
      this.storage.setItem(key, toBase64URL(sealed));
    });
  }

  /** Forgets a name. */
  remove(name: string): Promise<void> {
    this.values.delete(name);
    return this.write(async () => {
      if (!this.values.has(name)) {
        this.storage.removeItem(prefix + await opaque(this.keys, store, name));
      }
    });
  }

  /** Waits for all writes, then forgets what is in memory. */
  async close(): Promise<void> {
    await this.tail;
    this.values.clear();
  }

  private write(step: () => Promise<void>): Promise<void> {
    const done = this.tail.then(step);
    this.tail = done.catch(() => undefined); // a full storage fails its own write, not the next
    return done;
  }
}
