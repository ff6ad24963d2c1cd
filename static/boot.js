// Starts the page. Trunk writes the addresses of the glue and of the wasm into this script's tag (see Trunk.toml); the
// policy of the page allows no inline script that would name them.
const tag = document.querySelector("script[data-wasm]");
const address = (relative) => new URL(relative, document.baseURI);

// What a first picture does not need is in a wasm of its own, which a worker fetches and runs beside the page:
// `await ringsideJudges(name, ...given)` calls a function of judges/src/api.rs, at the earliest when the page is idle.
let worker;
globalThis.ringsideJudges = async (...call) => {
  worker ??= hire();
  return (await worker)(call);
};

const hire = async () => {
  await new Promise((resolve) => (globalThis.requestIdleCallback ?? setTimeout)(resolve));
  // The name of the page's wasm holds a hash of it: no worker of an earlier version is taken from a cache.
  const hired = new Worker(address(`worker.js?${tag.dataset.wasm.replace(/\W/g, "")}`));
  const waiting = [];
  // Another is hired for the next call: the network may be back.
  const fire = (error) => {
    worker = undefined;
    hired.terminate();
    for (const { reject } of waiting.splice(0)) reject(new Error(error));
  };
  hired.onerror = () => fire("the wasm of the judges could not be fetched");
  hired.onmessage = ({ data: { answer, error, lost } }) => {
    const { resolve, reject } = waiting.shift();
    if (error === undefined) resolve(answer);
    else reject(new Error(error));
    if (lost) fire(error);
  };
  return (call) =>
    new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
      hired.postMessage(call);
    });
};

try {
  const glue = await import(address(tag.dataset.js));
  await glue.default({ module_or_path: address(tag.dataset.wasm) });
  document.documentElement.dataset.state = "running";
} catch (error) {
  document.documentElement.dataset.state = "failed";
  const note = document.querySelector(".boot-note");
  if (note) {
    note.setAttribute("role", "alert");
    note.textContent =
      "Ringside could not start here. It needs a browser with WebAssembly, of 2022 or later; reloading may help.";
  }
  throw error;
}
