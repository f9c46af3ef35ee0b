/** What the build makes of config/catalogs/errors.json: one language's sentences by code. */
declare module "virtual:errors/*" {
  const sentences: Readonly<Record<string, string>>;
  export default sentences;
}
