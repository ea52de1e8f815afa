// The cells' names, loaded whole on the first hover and decoded one by one.

import type { ArrowColumn } from "../api/arrow";

export class Names {
  private loading: Promise<ArrowColumn> | null = null;

  constructor(private readonly fetchColumn: () => Promise<ArrowColumn>) {}

  async of(cells: number[]): Promise<string[]> {
    this.loading ??= this.fetchColumn();
    try {
      const column = await this.loading;
      return cells.map((cell) => String(column.at(cell) ?? ""));
    } catch (error) {
      this.loading = null; // the next hover asks again
      throw error;
    }
  }
}
