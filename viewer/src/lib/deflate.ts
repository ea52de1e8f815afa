// zlib (RFC 1950) by the browser itself.

export const deflate = (bytes: Uint8Array<ArrayBuffer>) => through(bytes, new CompressionStream("deflate"));

export const inflate = (bytes: Uint8Array<ArrayBuffer>) => through(bytes, new DecompressionStream("deflate"));

async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
): Promise<Uint8Array<ArrayBuffer>> {
  const passed = new Response(bytes).body!.pipeThrough(stream);
  return new Uint8Array(await new Response(passed).arrayBuffer());
}
