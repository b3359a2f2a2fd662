/*
 * The format of Server-Sent Events, as SignalR servers write it: the data of each event.
 */

/** Gives a function that takes the text as it comes and gives back the data of each event that is whole. */
export function eventStream(): (text: string) => string[] {
  let rest = "";
  return (text) => {
    const events = (rest + text).split(/\r?\n\r?\n/);
    rest = events.pop() ?? "";
    return events.flatMap((event) => {
      const lines = event.split(/\r?\n/).filter((line) => line.startsWith("data:"));
      return lines.length > 0 ? lines.map((line) => line.replace(/^data: ?/, "")).join("\n") : [];
    });
  };
}
