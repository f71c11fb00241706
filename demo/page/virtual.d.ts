// What the build adds to the page (demo/build).

declare module "virtual:modules" {
  export interface Manifest {
    /** Version of the compiler. */
    emcc: string;
    /** `bytes` and `exports` are of the plain module. */
    modules: { name: string; about: string; bytes: number; exports: string[] }[];
  }
  export const manifest: Manifest;
  /** The modules by the names of their files. */
  export const wasm: Readonly<Record<string, Uint8Array<ArrayBuffer>>>;
}

declare module "virtual:sources" {
  export const sources: import("../engine/lines.js").Sources;
}

declare module "virtual:examples" {
  /** `data` are calls as a link has them. */
  export const examples: readonly {
    name: string;
    title: string;
    about: string;
    calls: number;
    data: Uint8Array<ArrayBuffer>;
  }[];
}

declare module "*?worker&inline" {
  const Inline: new () => Worker;
  export default Inline;
}
