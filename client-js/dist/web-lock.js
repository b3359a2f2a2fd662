// src/web-lock.ts
function webLock(name = "hubcast") {
  return () => {
    let release = () => void 0;
    const released = new Promise((resolve) => {
      release = resolve;
    });
    const locks = globalThis.navigator?.locks;
    locks?.request(name, { mode: "shared" }, () => released).catch(() => void 0);
    return release;
  };
}
export {
  webLock
};
