/*
 * The format of Server-Sent Events, as far as SignalR has use for it: the data of each event.
 */

/** Gives a function that takes the text as it comes and gives back the data of each event that is whole. */
export function eventStream(): (text: string) => string[] {
  let rest = "";
  let data: string[] = [];
  return (text) => {
    const events: string[] = [];
    // A CR at the very end may be half of a CRLF.
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line) {
        data.push(...(/^data(?:: ?(.*))?$/s.exec(line)?.slice(1) ?? []));
      } else if (data.length > 0) {
        events.push(data.join("\n"));
        data = [];
      }
    }
    return events;
  };
}
