// In which ways the cases are run: both protocols, negotiated and not.

/** What each variant needs of the server beside what its cases need. */
export const variants = [
  { protocol: "json", negotiates: true, needs: [] },
  { protocol: "json", negotiates: false, needs: [] },
  { protocol: "messagepack", negotiates: true, needs: ["messagepack"] },
  { protocol: "messagepack", negotiates: false, needs: ["messagepack"] },
];

export function variantName({ protocol, negotiates }) {
  return `${protocol}, ${negotiates ? "negotiated" : "not negotiated"}`;
}
