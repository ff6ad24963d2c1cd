// Starts the page. Trunk writes the addresses of the glue and of the wasm into this script's tag (see Trunk.toml); the
// policy of the page allows no inline script that would name them.
const tag = document.querySelector("script[data-wasm]");
const address = (relative) => new URL(relative, document.baseURI);

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
