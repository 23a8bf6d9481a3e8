// highlight.js 9 as Debian ships it; its types there are for version 10.
declare module "highlight.js/lib/highlight" {
  interface Mode { readonly className?: string }
  interface Result { value: string; top?: Mode }
  interface Engine {
    configure(options: { hideUpgradeWarningAcceptNoSupportOrSecurityUpdates: boolean }): void;
    registerLanguage(name: string, language: (engine: Engine) => object): void;
    getLanguage(name: string): object | undefined;
    highlight(language: string, code: string, ignoreIllegals: boolean, continuation?: Mode): Result;
  }
  const engine: Engine;
  export default engine;
}
declare module "highlight.js/lib/languages/*" {
  const language: (engine: unknown) => object;
  export default language;
}
