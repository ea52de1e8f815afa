import { describe, expect, it } from "vitest";
import type { GeneSet } from "../../state/state";
import { decodeText, formatSets, parseSets } from "./setFiles";

const HEADER = "gene_set_name,gene_set_description,gene_symbol,gene_description";

describe("a file of gene sets", () => {
  it("is read as cellxgene writes it, with comments and columns of others", () => {
    const text = `# made by hand\n${HEADER},more\nT,about T,CD3D,,1\r\nB,,MS4A1,"CD20, ""bright""",\nT,,LCK,,\nempty,,,,\n`;
    expect(parseSets(text)).toEqual([
      { name: "T", description: "about T", genes: ["CD3D", "LCK"], about: {} },
      { name: "B", description: "", genes: ["MS4A1"], about: { MS4A1: 'CD20, "bright"' } },
      { name: "empty", description: "", genes: [], about: {} },
    ]);
  });

  it.each([";", "\t"])("may have %j between its cells", (mark) => {
    const text = `${HEADER}\nT;x,a,CD3D,`.replaceAll(mark, "").replaceAll(",", mark);
    expect(parseSets(text)[0]?.genes).toEqual(["CD3D"]);
  });

  it("may be a GMT", () => {
    expect(parseSets("T cells\thttps://x\tCD3D\tLCK\t\nB\tna\tMS4A1")).toEqual([
      { name: "T cells", description: "https://x", genes: ["CD3D", "LCK"], about: {} },
      { name: "B", description: "na", genes: ["MS4A1"], about: {} },
    ]);
  });

  it("comes back as it was written", () => {
    const sets: GeneSet[] = [
      { name: 'a,"b" #1', description: "two\nlines 🧬 <b>", genes: ["G1", "G2"], about: { G2: "x;y" } },
      { name: "نص", description: "", genes: [], about: {} },
    ];
    expect(parseSets(formatSets(sets))).toEqual(sets);
  });

  it.each([
    ["", "empty"],
    ["gene,score\nCD3D,1\n", "no gene sets"],
    [`${HEADER}\n`, "no gene set"],
    ['"'.repeat(1_000_001), "no gene sets"],
  ])("is refused with a reason", (text, reason) => {
    expect(() => parseSets(text)).toThrow(reason);
  });

  it("loses its byte order mark", () => {
    expect(decodeText(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toBe("a");
    expect(decodeText(Uint8Array.of(0xff, 0xfe, 0x61, 0))).toBe("a");
    expect(() => decodeText(Uint8Array.of(0x61, 0, 0x62))).toThrow("not text");
  });

  it("of ten megabytes of junk is refused soon", () => {
    const junk = Array.from({ length: 200_000 }, (_, i) => `${i * 7919},"${i}\n`).join("");
    const start = performance.now();
    expect(() => parseSets(`${HEADER}x\n${junk}`)).toThrow();
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
