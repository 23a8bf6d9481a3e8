// The build of react-dom/server without Node's streams, which tests bundle as a module.
declare module "react-dom/server.browser" {
  export { renderToStaticMarkup } from "react-dom/server";
}
