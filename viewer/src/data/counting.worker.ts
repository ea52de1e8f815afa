// The crossfilter's own thread; counting.ts is the other end.

import { collectGarbage, release } from "../lib/release";
import { arraysOf, type CountingMessage, resultOf, type SentResult } from "./counting";
import { Crossfilter } from "./crossfilter";

let crossfilter = new Crossfilter(0);
let sentInside: Uint8Array | null = null;

self.onmessage = ({ data }: MessageEvent<CountingMessage>) => {
  switch (data.type) {
    case "start":
      crossfilter = new Crossfilter(data.n);
      sentInside = null;
      break;
    case "column":
      crossfilter.addColumn(data.key, data.column);
      crossfilter.giveBack(data.key).flatMap(arraysOf).forEach(release);
      break;
    case "lend":
      crossfilter.lend(data.key, data.column);
      break;
    case "giveBack":
      crossfilter.giveBack().flatMap(arraysOf).forEach(release);
      collectGarbage();
      break;
    case "drop":
      crossfilter.removeColumn(data.key);
      break;
    case "cells":
      crossfilter.addCells(data.key, data.bits);
      break;
    case "run": {
      crossfilter.setFilters(data.filters, data.scope);
      const { inside, ...rest } = resultOf(crossfilter);
      const result: SentResult = inside === sentInside ? rest : { ...rest, inside };
      sentInside = inside;
      self.postMessage(result, { transfer: [result.selected.buffer as ArrayBuffer] });
    }
  }
};
