// The crossfilter's own thread; counting.ts is the other end.

import { type CountingMessage, resultOf } from "./counting";
import { Crossfilter } from "./crossfilter";

let crossfilter = new Crossfilter(0);

self.onmessage = ({ data }: MessageEvent<CountingMessage>) => {
  switch (data.type) {
    case "start":
      crossfilter = new Crossfilter(data.n);
      break;
    case "column":
      crossfilter.addColumn(data.key, data.column);
      break;
    case "drop":
      crossfilter.removeColumn(data.key);
      break;
    case "cells":
      crossfilter.addCells(data.key, data.bits);
      break;
    case "run": {
      crossfilter.setFilters(data.filters);
      const result = resultOf(crossfilter);
      self.postMessage(result, { transfer: [result.selected.buffer as ArrayBuffer] });
    }
  }
};
