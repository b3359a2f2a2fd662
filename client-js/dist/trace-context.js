// src/trace-context.ts
function traceContext(source = newTrace) {
  return (target) => {
    const given = source(target);
    const headers = typeof given === "string" ? { traceparent: given } : given;
    return isTraceparent(headers?.["traceparent"]) ? headers : void 0;
  };
}
function newTrace() {
  return `00-${randomHex(16)}-${randomHex(8)}-01`;
}
function randomHex(size) {
  const bytes = crypto.getRandomValues(new Uint8Array(size));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
function isTraceparent(value) {
  return value !== void 0 && /^(?!ff)[\da-f]{2}-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}($|-)/.test(value);
}
export {
  newTrace,
  traceContext
};
