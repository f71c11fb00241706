// Stands between a program and WebAssembly, so that modules can be instrumented before they are
// compiled, and instances are seen. The program notices nothing: what the meter adds to an
// instance's exports is hidden from it.

/**
 * @typedef {object} Watcher
 * @property {(bytes: Uint8Array) => Uint8Array} prepare returns what is compiled in place of a
 *   module
 * @property {(exports: Record<string, any>, memories: WebAssembly.Memory[], metered: boolean) => void}
 *   made is told of every instance, with all of its exports
 * @property {() => void} refused is told of every memory that JavaScript could not grow
 * @property {readonly string[]} counters names of exports that make an instrumented module, which
 *   the program shall not see
 * @property {readonly string[]} hidden names of others that it has then, and shall not see
 */

const { Module, Instance, Memory, compile, instantiate } = WebAssembly;

/** @param {unknown} source @param {Watcher} watcher @returns {any} */
function prepared(source, { prepare }) {
  if (source instanceof ArrayBuffer) return prepare(new Uint8Array(source));
  if (!ArrayBuffer.isView(source)) return source;
  return prepare(new Uint8Array(source.buffer, source.byteOffset, source.byteLength));
}

/**
 * Returns a test for the names that the program shall see of a module. A module that came to a
 * thread is known by its exports only.
 * @param {{name: string, kind: string}[]} exported
 * @param {Watcher} watcher
 */
function visible(exported, { counters, hidden }) {
  const kinds = new Map(exported.map(({ name, kind }) => [name, kind]));
  const metered = counters.length > 0 && counters.every((name) => kinds.get(name) === "global");
  const unseen = new Set(metered ? [...counters, ...hidden] : []);
  return { metered, sees: (/** @type {string} */ name) => !unseen.has(name) };
}

/**
 * @param {WebAssembly.Module} module
 * @param {WebAssembly.Instance} instance
 * @param {any} imports
 * @param {Watcher} watcher
 */
function see(module, instance, imports, watcher) {
  const { exports } = instance;
  const imported = Module.imports(module)
    .filter(({ kind }) => kind === "memory")
    .map((entry) => imports?.[entry.module]?.[entry.name]);
  const exported = Object.values(exports).filter((value) => value instanceof Memory);
  const { metered, sees } = visible(Module.exports(module), watcher);
  watcher.made(exports, [...new Set([...imported, ...exported])], metered);
  if (!metered) return;
  const seen = Object.fromEntries(Object.entries(exports).filter(([name]) => sees(name)));
  const value = Object.freeze(Object.assign(Object.create(null), seen));
  Object.defineProperty(instance, "exports", { value });
}

/** @param {Watcher} watcher */
function moduleClass(watcher) {
  const exportsOf = (/** @type {WebAssembly.Module} */ module) => {
    const exported = Module.exports(module);
    const { sees } = visible(exported, watcher);
    return exported.filter(({ name }) => sees(name));
  };
  return new Proxy(Module, {
    construct: (target, [source, ...more]) =>
      Reflect.construct(target, [prepared(source, watcher), ...more]),
    get: (target, key) => (key === "exports" ? exportsOf : Reflect.get(target, key)),
  });
}

/** @param {Watcher} watcher */
function instanceClass(watcher) {
  return new Proxy(Instance, {
    construct(target, [module, imports, ...more]) {
      const instance = Reflect.construct(target, [module, imports, ...more]);
      see(module, instance, imports, watcher);
      return instance;
    },
  });
}

/** @param {Watcher} watcher */
function instantiateFunction(watcher) {
  return async (
    /** @type {any} */ source,
    /** @type {any} */ imports,
    /** @type {any[]} */ ...more
  ) => {
    const given = /** @type {any} */ (prepared(source, watcher));
    const result = /** @type {any} */ (
      await Reflect.apply(instantiate, WebAssembly, [given, imports, ...more])
    );
    if (source instanceof Module) see(source, result, imports, watcher);
    else see(result.module, result.instance, imports, watcher);
    return result;
  };
}

/** @param {Watcher} watcher */
function countRefusals({ refused }) {
  const { grow } = Memory.prototype;
  Memory.prototype.grow = function growOrTell(delta) {
    try {
      return Reflect.apply(grow, this, [delta]);
    } catch (error) {
      refused();
      throw error;
    }
  };
}

/**
 * Changes WebAssembly for everything that is loaded from now on.
 * @param {Watcher} watcher
 */
export function patch(watcher) {
  const own = /** @type {Record<string, any>} */ (WebAssembly);
  own.Module = moduleClass(watcher);
  own.Instance = instanceClass(watcher);
  own.compile = async (/** @type {any} */ source, /** @type {any[]} */ ...more) =>
    Reflect.apply(compile, WebAssembly, [prepared(source, watcher), ...more]);
  own.instantiate = instantiateFunction(watcher);
  countRefusals(watcher);
  // The JavaScript of old Emscriptens would fetch a path, which Node cannot. Without these it reads
  // the file.
  delete own.compileStreaming;
  delete own.instantiateStreaming;
}
