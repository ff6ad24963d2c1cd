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
  // The rest of the page comes first.
  await settled;
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

// A release build's wasm comes in two modules (see split/): what a first picture needs, and the rest of the functions,
// which take their places in the table of the first. Where there is no second one, as in a debug build, it is all there.
// The root element says of the rest: coming, there, forced (something could not wait for it) or missing.
const { rest } = tag.dataset;
const state = document.documentElement.dataset;
let first;
let settle;
const settled = new Promise((resolve) => (settle = resolve));

const arrived = (how) => {
  state.rest = how;
  document.querySelector(".rest-missing")?.remove();
  settle();
};

const missing = () => {
  state.rest = "missing";
  settle();
  if (document.querySelector(".rest-missing")) return;
  const note = document.createElement("p");
  note.className = "rest-missing";
  note.setAttribute("role", "alert");
  note.textContent = "A part of Ringside could not be fetched, and most of this page needs it. Reloading may help.";
  document.body.prepend(note);
};

const check = ({ status }) => {
  if (status !== 200) throw new Error(`${rest}: status ${status}`);
};

// Not compiled while it comes: some servers do not know the type of wasm, and then a browser refuses.
const fetchRest = async () => {
  const answer = await fetch(address(rest));
  check(answer);
  return WebAssembly.compile(await answer.arrayBuffer());
};

const place = async (coming) => {
  try {
    await WebAssembly.instantiate(await coming, { "": first });
    if (state.rest !== "forced") arrived("there");
  } catch {
    if (state.rest !== "forced") missing();
  }
};

// What the splitter writes calls this where a function of the rest is needed and has not been seen to be there. It
// cannot wait, so the request blocks; such a one gives its bytes as letters only.
globalThis.ringsideRest = () => {
  if (!rest || state.rest === "there" || state.rest === "forced") return;
  try {
    const request = new XMLHttpRequest();
    request.open("GET", address(rest), false);
    request.overrideMimeType("text/plain; charset=x-user-defined");
    request.send();
    check(request);
    const bytes = Uint8Array.from(request.responseText, (letter) => letter.charCodeAt(0));
    new WebAssembly.Instance(new WebAssembly.Module(bytes), { "": first });
    arrived("forced");
  } catch (error) {
    missing();
    throw error;
  }
};

try {
  const glue = await import(address(tag.dataset.js));
  // What a link opens may need any of it: its first picture waits for all, asked for at once.
  const early = rest && location.hash.length > 1 && fetchRest();
  first = await glue.default({ module_or_path: address(tag.dataset.wasm) });
  if (early) await place(early);
  else if (rest) state.rest = "coming";
  glue.begin();
  state.state = "running";
} catch (error) {
  state.state = "failed";
  const note = document.querySelector(".boot-note");
  if (state.rest === "missing") note?.remove();
  else if (note) {
    note.setAttribute("role", "alert");
    note.textContent =
      "Ringside could not start here. It needs a browser with WebAssembly, from 2022 or later; reloading may help.";
  }
  throw error;
}

if (state.rest === "coming") {
  // When the first picture stands: components are laid out, measured, and then painted. Where nobody looks there are no
  // frames.
  const frame = () => new Promise((resolve) => (document.hidden ? setTimeout : requestAnimationFrame)(resolve));
  for (let frames = 0; frames < 4; frames++) await frame();
  await place(fetchRest());
} else if (!rest) settle();
