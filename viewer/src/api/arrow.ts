// Arrow IPC → typed arrays. Values are views of the received bytes wherever Arrow's layout is ours
// already (numbers without nulls, dictionary codes); nulls become NaN or code -1.

import { type Batch, type Column, setCompressionCodec, Type, tableFromIPC } from "@uwdata/flechette";
import type { Answer } from "./answers";
import { Undecodable } from "./errors";

export type ArrowColumn = Column<unknown>;
export type Codes = Int8Array | Int16Array | Int32Array;
export type Numbers = Float32Array | Float64Array | Int32Array;
type IntegerArray = Int8Array | Int16Array | Int32Array | Uint8Array | Uint16Array | Uint32Array;

export interface NamedColumn {
  name: string;
  column: ArrowColumn;
}

export { setCompressionCodec };

/** The columns of an Arrow IPC stream, undecoded. */
export function arrowColumns(answer: Answer): NamedColumn[] {
  // Typed arrays need aligned bytes; the container aligns its parts, anything else is copied once.
  const bytes = answer.bytes.byteOffset % 8 === 0 ? answer.bytes : answer.bytes.slice();
  try {
    const table = tableFromIPC(bytes);
    return table.names.map((name, i) => ({ name: String(name), column: table.getChildAt(i) as ArrowColumn }));
  } catch (cause) {
    throw new Undecodable("it is not an Arrow stream", { cause });
  }
}

/** What the stream says about itself. */
export function arrowMetadata(answer: Answer): Map<string, string> {
  const bytes = answer.bytes.byteOffset % 8 === 0 ? answer.bytes : answer.bytes.slice();
  return tableFromIPC(bytes).schema.metadata ?? new Map();
}

export const isDictionary = (column: ArrowColumn): boolean => column.type.typeId === Type.Dictionary;

/** Codes and categories of a dictionary, bool or text column. */
export function categorical(column: ArrowColumn): { codes: Codes; categories: string[]; missing: number } {
  if (column.type.typeId === Type.Bool) return booleans(column);
  if (column.type.typeId !== Type.Dictionary) return encoded(column);
  const parts = column.data.map((batch) => signed(batch as Batch<unknown> & { values: IntegerArray }));
  const codes = parts.length === 1 ? parts[0]! : concatenated(parts);
  const dictionary = (column.data[0] as unknown as { dictionary?: ArrowColumn } | undefined)?.dictionary;
  const categories = dictionary ? texts(dictionary) : [];
  return { codes, categories, missing: column.nullCount === 0 ? countNegative(codes) : column.nullCount };
}

/** Numbers of a numeric or bool column; 64-bit integers become doubles. */
export function numbers(column: ArrowColumn): { values: Numbers; integer: boolean } {
  const { typeId } = column.type;
  const integer = typeId === Type.Int || typeId === Type.Bool;
  if (column.nullCount === 0 && (typeId === Type.Int || typeId === Type.Float)) {
    const values = column.toArray();
    if (values instanceof Float32Array || values instanceof Float64Array || values instanceof Int32Array) {
      return { values, integer };
    }
    return { values: Float64Array.from(values as ArrayLike<number>, Number), integer };
  }
  if (!integer && typeId !== Type.Float) throw new Undecodable("a numeric column holds no numbers");
  const single = column.data[0]?.values instanceof Float32Array;
  const values = single ? new Float32Array(column.length) : new Float64Array(column.length);
  let i = 0;
  for (const value of column) values[i++] = value === null ? Number.NaN : Number(value);
  return { values, integer };
}

/** Every value as text, as Python's str() writes it. */
export function texts(column: ArrowColumn): string[] {
  const float = column.type.typeId === Type.Float;
  return Array.from(column, (value) => (value === null ? "" : asText(value, float)));
}

export function asText(value: unknown, float = false): string {
  if (typeof value === "boolean") return value ? "True" : "False";
  // 1.0 is "1.0" in Python and "1" here; categories are named in both.
  if (float && typeof value === "number" && Number.isInteger(value)) return value.toFixed(1);
  return String(value);
}

/** A batch's dictionary codes as signed integers, with -1 where the value is null. */
function signed(batch: Batch<unknown> & { values: IntegerArray }): Codes {
  const { length, nullCount } = batch;
  let codes = batch.values.subarray(0, length);
  if (codes instanceof Uint8Array) codes = reinterpret(codes, Int8Array, Int16Array, 0x7f);
  else if (codes instanceof Uint16Array) codes = reinterpret(codes, Int16Array, Int32Array, 0x7fff);
  else if (codes instanceof Uint32Array) codes = new Int32Array(codes.buffer, codes.byteOffset, length);
  if (!(codes instanceof Int8Array || codes instanceof Int16Array || codes instanceof Int32Array)) {
    codes = Int32Array.from(codes as ArrayLike<number>, Number);
  }
  if (nullCount === 0) return codes as Codes;
  const marked = (codes as Codes).slice();
  for (let i = 0; i < length; i++) if (!batch.isValid(i)) marked[i] = -1;
  return marked;
}

/** Unsigned codes seen as signed ones where they fit, else widened. */
function reinterpret<S extends Codes, W extends Codes>(
  codes: Uint8Array | Uint16Array,
  same: new (buffer: ArrayBufferLike, offset: number, length: number) => S,
  wider: { from(values: ArrayLike<number>): W },
  limit: number,
): S | W {
  const fits = codes.every((code) => code <= limit);
  return fits ? new same(codes.buffer, codes.byteOffset, codes.length) : wider.from(codes);
}

function concatenated(parts: Codes[]): Codes {
  const total = parts.reduce((sum, part) => sum + part.length, 0);
  const widest = Math.max(1, ...parts.map((part) => part.BYTES_PER_ELEMENT));
  const all =
    widest === 1 ? new Int8Array(total) : widest === 2 ? new Int16Array(total) : new Int32Array(total);
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}

function countNegative(codes: Codes): number {
  let count = 0;
  for (let i = 0; i < codes.length; i++) if (codes[i]! < 0) count++;
  return count;
}

function booleans(column: ArrowColumn) {
  const codes = new Int8Array(column.length);
  let i = 0;
  for (const value of column) codes[i++] = value === null ? -1 : Number(value);
  return { codes, categories: ["False", "True"], missing: column.nullCount };
}

/** Plain values (texts or numbers) become codes in order of first appearance. */
function encoded(column: ArrowColumn) {
  const float = column.type.typeId === Type.Float;
  const codes = new Int32Array(column.length);
  const known = new Map<unknown, number>();
  let i = 0;
  for (const value of column) {
    let code = value === null || Number.isNaN(value) ? -1 : known.get(value);
    if (code === undefined) {
      code = known.size;
      known.set(value, code);
    }
    codes[i++] = code;
  }
  const categories = Array.from(known.keys(), (value) => asText(value, float));
  return { codes, categories, missing: countNegative(codes) };
}
