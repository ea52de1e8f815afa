// Everything that can go wrong between the viewer and the server, as one tree. Code branches on the
// class or on `code`; `message` is a sentence for people.

import type { ErrorBody } from "./types";

export type ErrorCode = ErrorBody["code"] | "unreachable" | "undecodable";

export class ApiError extends Error {
  override readonly name: string = "ApiError";

  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The capability is gone: only a new page can go on. */
export class Expired extends ApiError {
  override readonly name = "Expired";

  constructor(message = "This view has expired; reload it to go on.") {
    super("expired", message);
  }
}

/** The data is still being copied; the same question will be answered later. */
export class NotReady extends ApiError {
  override readonly name = "NotReady";

  constructor(message: string) {
    super("not_ready", message);
  }
}

/** No answer came: the server is down, the network is, or a proxy gave up. */
export class Unreachable extends ApiError {
  override readonly name = "Unreachable";

  constructor(options?: ErrorOptions) {
    super("unreachable", "The server is not reachable.", options);
  }
}

/** An answer came that is not what was agreed: another version, or something in between. */
export class Undecodable extends ApiError {
  override readonly name = "Undecodable";

  constructor(what: string, options?: ErrorOptions) {
    super("undecodable", `The server's answer could not be read: ${what}.`, options);
  }
}

const CODES: readonly string[] = [
  "bad_query",
  "not_found",
  "forbidden",
  "expired",
  "sharing_off",
  "not_ready",
  "too_large",
  "not_acceptable",
  "conflict",
  "unavailable",
  "not_offered",
  "unpublishable",
  "error",
];

/** The error that a refused question stands for. */
export function refusal(status: number, body: { code?: unknown; message?: unknown }): ApiError {
  const message = typeof body.message === "string" && body.message !== "" ? body.message : null;
  if (body.code === "expired") return new Expired(message ?? undefined);
  if (body.code === "not_ready") return new NotReady(message ?? "The data is still being copied.");
  const code = CODES.includes(String(body.code)) ? (body.code as ErrorCode) : "error";
  return new ApiError(code, message ?? `The server answered with status ${status}.`);
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}
