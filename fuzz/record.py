"""Records what clients send to a server: one file per TCP connection, as seeds for fuzzing.

usage: python3 record.py --port P --server P --name NAME [--folder recordings]

Point a client at the port instead of at the server's. Ended by Ctrl-C; connections of fewer than two bytes leave no
file. Ids and tokens in the files are those of a server that is gone.
"""

import argparse
import asyncio
import contextlib
import itertools
from pathlib import Path


async def main():
    given = options()
    numbers = itertools.count(1)

    async def carry(reader, writer):
        number = next(numbers)
        there, back = await asyncio.open_connection("127.0.0.1", given.server)
        said = bytearray()
        with contextlib.suppress(OSError):
            await asyncio.gather(copy(reader, back, said), copy(there, writer, bytearray()))
        if len(said) > 1:
            (given.folder / f"{given.name}-{number}.bin").write_bytes(said)

    server = await asyncio.start_server(carry, "127.0.0.1", given.port)
    await server.serve_forever()


async def copy(reader, writer, said):
    while data := await reader.read(65536):
        said += data
        writer.write(data)
        await writer.drain()
    writer.close()


def options():
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--port", type=int, required=True)
    reader.add_argument("--server", type=int, required=True)
    reader.add_argument("--name", required=True)
    reader.add_argument("--folder", type=Path, default=Path(__file__).parent / "recordings")
    return reader.parse_args()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main())
