/** One line of a push: a ref and where it is to move. */
export interface PushCommand {
  ref: string;
  before: string;
  after: string;
}

export interface PushHead {
  commands: PushCommand[];
  /** The whole body again, the part that was read ahead included. */
  body: AsyncIterable<Buffer>;
}

/**
 * Reads the commands at the start of a `git-receive-pack` request (pkt-lines up to the flush packet;
 * git's Documentation/gitprotocol-pack) and leaves the pack unread.
 */
export async function readPushHead(stream: AsyncIterable<Buffer>): Promise<PushHead> {
  const source = stream[Symbol.asyncIterator]();
  let read = Buffer.alloc(0);
  let offset = 0;
  const commands: PushCommand[] = [];
  for (;;) {
    const line = packetAt(read, offset);
    if (line === undefined) {
      const next = await source.next();
      if (next.done === true) break;
      read = Buffer.concat([read, next.value]);
      continue;
    }
    offset = line.end;
    if (line.text === undefined) break;
    const match = /^([0-9a-f]{40}) ([0-9a-f]{40}) ([^\0\n]+)/.exec(line.text);
    const [, before, after, ref] = match ?? [];
    if (before !== undefined && after !== undefined && ref !== undefined) {
      commands.push({ before, after, ref });
    }
  }
  return { commands, body: rejoin(read, source) };
}

function packetAt(
  data: Buffer,
  offset: number,
): { text: string | undefined; end: number } | undefined {
  if (data.length < offset + 4) return undefined;
  const length = Number.parseInt(data.subarray(offset, offset + 4).toString("latin1"), 16);
  // 0000 is the flush packet; anything that is no length ends the reading, git will complain itself.
  if (Number.isNaN(length) || length < 4) return { text: undefined, end: offset + 4 };
  if (data.length < offset + length) return undefined;
  return {
    text: data.subarray(offset + 4, offset + length).toString("utf8"),
    end: offset + length,
  };
}

async function* rejoin(read: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (read.length > 0) yield read;
  for (;;) {
    const next = await rest.next();
    if (next.done === true) return;
    yield next.value;
  }
}
