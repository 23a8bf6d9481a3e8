// The part of Dexie that the app uses: what versions 2 and 4 share.
declare module "dexie" {
  interface Collection<Row, Key> {
    toArray(): Promise<Row[]>;
    primaryKeys(): Promise<Key[]>;
    delete(): Promise<number>;
    count(): Promise<number>;
    limit(count: number): Collection<Row, Key>;
    reverse(): Collection<Row, Key>;
  }
  interface WhereClause<Row, Key> {
    equals(key: string | number): Collection<Row, Key>;
    anyOf(keys: readonly (string | number)[]): Collection<Row, Key>;
    above(key: string | number): Collection<Row, Key>;
    startsWith(prefix: string): Collection<Row, Key>;
  }
  interface Table<Row, Key> {
    get(key: Key): Promise<Row | undefined>;
    put(row: Row): Promise<Key>;
    add(row: Row): Promise<Key>;
    delete(key: Key): Promise<void>;
    clear(): Promise<void>;
    count(): Promise<number>;
    toArray(): Promise<Row[]>;
    bulkPut(rows: readonly Row[]): Promise<unknown>;
    bulkDelete(keys: readonly Key[]): Promise<void>;
    orderBy(index: string): Collection<Row, Key>;
    where(index: string): WhereClause<Row, Key>;
  }
  interface Version {
    stores(schema: Record<string, string>): Version;
  }
  export default class Dexie {
    constructor(name: string);
    version(number: number): Version;
    table<Row, Key>(name: string): Table<Row, Key>;
    open(): Promise<Dexie>;
    close(): void;
    delete(): Promise<void>;
    on(event: "versionchange" | "blocked", handler: () => void): void;
    transaction<T>(mode: "r" | "rw", tables: readonly unknown[], body: () => T | PromiseLike<T>): Promise<T>;
    static delete(name: string): Promise<void>;
    static exists(name: string): Promise<boolean>;
  }
}
