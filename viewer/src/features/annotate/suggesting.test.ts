import { describe, expect, it } from "vitest";
import { offers } from "./suggesting";

const terms = [
  { id: "CL:1", name: "alpha-beta T cell", synonyms: [] },
  { id: "CL:2", name: "T cell", synonyms: ["T lymphocyte"] },
  { id: "CL:3", name: "T cell of thymus", synonyms: [] },
  { id: "CL:4", name: "B cell", synonyms: ["B lymphocyte"] },
];
const names = (typed: string, labels: string[] = []) => offers(typed, labels, terms).map(({ name }) => name);

describe("names that are offered", () => {
  it("are the labels there are, before anything is typed", () => {
    expect(names("", ["T", "B"])).toEqual(["T", "B"]);
  });

  it("are labels first, then terms: the exact one, those that begin so, the others", () => {
    expect(names("t cell", ["my T cell"])).toEqual([
      "my T cell",
      "T cell",
      "T cell of thymus",
      "alpha-beta T cell",
    ]);
  });

  it("are found by their synonyms, and name no term twice", () => {
    expect(names("lymphocyte b")).toEqual(["B cell"]);
    expect(names("b cell", ["B cell"]).filter((name) => name === "B cell")).toHaveLength(1);
  });
});
