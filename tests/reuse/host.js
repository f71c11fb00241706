// A host that has one instance of a module serve many requests.

/** @param {number} at */
function allocated(at) {
  if (at === 0) throw new RangeError("no memory left");
  return at;
}

/** @param {BufferSource} bytes of a module with service.c in it */
export function startService(bytes) {
  const env = { emscripten_notify_memory_growth() {} }; // emcc's modules import it, clang's nothing
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env });
  const service = /** @type {Record<string, any>} */ (instance.exports);
  service._initialize?.();
  const info = service.malloc(16); // for the four words of a mini_alloc_info
  const mark = service.mini_alloc_mark(); // what a request takes lies behind it

  // Each growth of memory detaches the views made before: a new one after each call.
  const view = (/** @type {number} */ at, /** @type {number} */ size) =>
    new Uint8Array(service.memory.buffer, at >>> 0, size);

  return {
    /** Returns a copy of the answer. @param {Uint8Array} request */
    ask(request) {
      try {
        const at = allocated(service.malloc(request.length));
        view(at, request.length).set(request);
        const answer = allocated(service.handle(at, request.length));
        return view(answer, request.length).slice();
      } finally {
        service.mini_alloc_reset(mark); // the request, the answer, and all in between
      }
    },
    /** Tells how many pages there are, and whether all that is free is zero. */
    look() {
      service.mini_alloc_get_info(info);
      const [, bump = 0, limit = 0, pages = 0] = new Uint32Array(service.memory.buffer, info, 4);
      const free = Buffer.from(service.memory.buffer, bump, limit - bump);
      return { pages, isZero: free.equals(Buffer.alloc(free.length)) };
    },
  };
}
