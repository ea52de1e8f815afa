import { describe, expect, it } from "vitest";
import { cleanName, nameProblem } from "./labelNames";

describe("names of labels", () => {
  it.each([
    "<b onclick=x>",
    "🧬 T",
    "خلية تائية",
    "CD4+ #1, a;b",
    '"quoted"',
    "0",
    "x".repeat(250),
    "👩‍🔬".repeat(50),
  ])("may be %s", (name) => {
    expect(cleanName(name)).toBe(name);
    expect(nameProblem(name, "label")).toBeNull();
  });

  it("lose what nobody sees", () => {
    expect(cleanName("  CD4\t T\n")).toBe("CD4 T");
    expect(cleanName("e\u0301")).toBe("é");
  });

  it("are refused with a reason", () => {
    expect(nameProblem("", "label")).toMatch("Give the label a name");
    expect(nameProblem("x".repeat(10_000), "annotation")).toMatch(
      "at most 250 characters; this one has 10000",
    );
    expect(nameProblem("a\ud83d", "label")).toMatch("cannot be shown");
    expect(nameProblem("a\u0007", "label")).toMatch("cannot be shown");
  });
});
