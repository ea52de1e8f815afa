import {
  bool,
  columnFromArray,
  columnFromValues,
  dictionary,
  float64,
  int8,
  int16,
  int64,
  utf8,
} from "@uwdata/flechette";
import { describe, expect, it } from "vitest";
import { type ArrowColumn, arrowColumns, categorical, numbers, texts } from "./arrow";
import { arrow } from "./fakeData";

/** Through bytes and back, at an offset as in the container of answers. */
function sent(column: unknown, offset = 64): { column: ArrowColumn; buffer: ArrayBuffer } {
  const bytes = arrow({ a: column as ArrowColumn });
  const buffer = new ArrayBuffer(offset + bytes.length);
  new Uint8Array(buffer, offset).set(bytes);
  const answer = { type: "arrow", bytes: new Uint8Array(buffer, offset) };
  return { column: arrowColumns(answer)[0]!.column, buffer };
}

describe("numbers", () => {
  it("are a view of the bytes that came", () => {
    const { column, buffer } = sent(columnFromArray(Float32Array.of(1, 2, Number.NaN)));
    const { values, integer } = numbers(column);
    expect(values).toEqual(Float32Array.of(1, 2, Number.NaN));
    expect(values.buffer).toBe(buffer);
    expect(integer).toBe(false);
  });

  it("are right where the bytes are not aligned", () => {
    const { column } = sent(columnFromArray(Float64Array.of(1.5, -2)), 61);
    expect(numbers(column).values).toEqual(Float64Array.of(1.5, -2));
  });

  it("have NaN for null, also among integers", () => {
    const floats = sent(columnFromValues([1, null, 3], float64())).column;
    expect(numbers(floats).values).toEqual(Float64Array.of(1, Number.NaN, 3));
    const whole = numbers(sent(columnFromValues([7, null], int16())).column);
    expect(whole).toEqual({ values: Float64Array.of(7, Number.NaN), integer: true });
  });

  it("of 64 bits become doubles", () => {
    const { column } = sent(columnFromValues([1, 2 ** 40], int64()));
    expect(numbers(column).values).toEqual(Float64Array.of(1, 2 ** 40));
  });
});

describe("categories", () => {
  it("keep their codes as a view of the bytes that came", () => {
    const { column, buffer } = sent(columnFromValues(["b", "a", "b"], dictionary(utf8(), int8())));
    const { codes, categories, missing } = categorical(column);
    expect(codes).toEqual(Int8Array.of(0, 1, 0));
    expect(codes.buffer).toBe(buffer);
    expect(categories).toEqual(["b", "a"]);
    expect(missing).toBe(0);
  });

  it("have code -1 where the value is null", () => {
    const { column } = sent(columnFromValues([null, "a", null], dictionary(utf8(), int8())));
    expect(categorical(column)).toMatchObject({ codes: Int8Array.of(-1, 0, -1), missing: 2 });
  });

  it("of numbers are named as Python names them", () => {
    const { column } = sent(columnFromValues([1, 2.5, 1], dictionary(float64(), int8())));
    expect(categorical(column).categories).toEqual(["1.0", "2.5"]);
  });

  it("of booleans are False and True", () => {
    const { column } = sent(columnFromValues([true, null, false], bool()));
    expect(categorical(column)).toEqual({
      codes: Int8Array.of(1, -1, 0),
      categories: ["False", "True"],
      missing: 1,
    });
  });

  it("are made of plain texts, too", () => {
    const { column } = sent(columnFromValues(["x", null, "y", "x"], utf8()));
    expect(categorical(column)).toEqual({
      codes: Int32Array.of(0, -1, 1, 0),
      categories: ["x", "y"],
      missing: 1,
    });
    expect(texts(column)).toEqual(["x", "", "y", "x"]);
  });
});

it("says so when the bytes are no Arrow stream", () => {
  const answer = { type: "arrow", bytes: new TextEncoder().encode("<html>".padEnd(64)) };
  expect(() => arrowColumns(answer)).toThrow("could not be read");
});
