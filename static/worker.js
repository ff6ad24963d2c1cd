// Runs the judges and the reader of scenario files beside the page: they may take a while, and a frame must not wait.
// A message is the name of a function of judges/src/api.rs and what it is given; the answer is `{ answer }` or
// `{ error }`, and `lost` where nothing more is to be had of this worker. Answers come in the order of the messages.
importScripts(`ringside-judges.js${location.search}`);
const ready = wasm_bindgen({ module_or_path: `ringside-judges_bg.wasm${location.search}` });
let lost = true;
ready.then(() => (lost = false), () => {});

onmessage = async ({ data: [name, ...given] }) => {
  try {
    await ready;
    postMessage({ answer: wasm_bindgen[name](...given) });
  } catch (error) {
    lost ||= error instanceof WebAssembly.RuntimeError;
    postMessage({ error: error.message, lost });
  }
};
