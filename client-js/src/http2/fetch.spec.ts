/*
 * The end of an answer, when Node has its own listeners before ours.
 */

import assert from "node:assert/strict";
import type { ClientHttp2Stream, OutgoingHttpHeaders } from "node:http2";
import { afterEach, beforeEach, test } from "node:test";
import { TestServer } from "../testing/http2-server.js";
import { fetchOver } from "./fetch.js";
import type { Pool } from "./pool.js";
import { Session } from "./session.js";

let server: TestServer;
let session: Session;

beforeEach(async () => {
  server = await TestServer.start((stream) => {
    stream.respond({ ":status": 200 });
    stream.end("whole");
  });
  session = await Session.open(server.url, {});
});
afterEach(() => {
  session.close();
  server.stop();
});

// Node does so when it reads the whole answer while something is being written: `response` is told later.
test("an_answer_is_whole_though_its_stream_is_destroyed_by_a_listener_before_ours", async () => {
  const pool = {
    async request(headers: OutgoingHttpHeaders, endStream: boolean): Promise<ClientHttp2Stream> {
      const stream = session.request(headers, endStream);
      stream.once("end", () => stream.destroy());
      return stream;
    },
  };
  const response = await fetchOver(pool as unknown as Pool, new URL(server.url), {});
  assert.equal(await response.text(), "whole");
});
