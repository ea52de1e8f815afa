// The container that POST {dataset}/ask answers with (types.ts, AnswersHeader), taken apart without a copy.

import { type ApiError, refusal, Undecodable } from "./errors";
import type { AnswersHeader } from "./types";

/** One answer: the bytes of an Arrow stream or a JSON document. */
export interface Answer {
  type: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** One entry per question, in order: its answer, or the error it was refused with. */
export function unpackAnswers(buffer: ArrayBuffer, expected: number): (Answer | ApiError)[] {
  let header: AnswersHeader;
  let start: number;
  try {
    const length = new DataView(buffer).getUint32(0, true);
    header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length))) as AnswersHeader;
    start = 4 + length;
  } catch (cause) {
    throw new Undecodable("it has no readable header", { cause });
  }
  if (header.answers?.length !== expected) throw new Undecodable("it answers another number of questions");
  return header.answers.map((part) => {
    if (!("offset" in part)) return refusal(part.status, part);
    if (start + part.offset + part.length > buffer.byteLength) return new Undecodable("it is cut short");
    return { type: part.type, bytes: new Uint8Array(buffer, start + part.offset, part.length) };
  });
}

export function json<T>(answer: Answer): T {
  try {
    return JSON.parse(new TextDecoder().decode(answer.bytes)) as T;
  } catch (cause) {
    throw new Undecodable("it is not JSON", { cause });
  }
}
