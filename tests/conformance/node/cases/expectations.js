// What cases expect and compare.

export function same(found, expected) {
  const [is, should] = [text(found), text(expected)];
  if (is !== should) throw new Error(`found ${shortened(is)}, expected ${shortened(should)}`);
}

function text(value) {
  return value instanceof Error ? String(value) : JSON.stringify(value);
}

/** The text of a call's error. */
export async function refusal(call) {
  try {
    return `no error, but ${JSON.stringify(await call)}`;
  } catch (error) {
    return error.message;
  }
}

export function numbered(count) {
  return Array.from({ length: count }, (_, i) => `number ${i}`);
}

function shortened(text) {
  return text === undefined || text.length <= 300 ? text : `${text.slice(0, 300)}… (${text.length} characters)`;
}

/** The items of a stream; rejects with its error. */
export function collected(stream) {
  return new Promise((resolve, error) => {
    const items = [];
    stream.subscribe({ next: (item) => items.push(item), complete: () => resolve(items), error });
  });
}

export function countingTo(end) {
  return Array.from({ length: end }, (_, i) => i);
}
