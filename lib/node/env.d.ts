// What the build defines for each browser.
interface ImportMetaEnv {
  readonly FIREFOX: boolean;
}
