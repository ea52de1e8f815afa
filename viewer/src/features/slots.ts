// What one feature shows inside another without the two knowing each other: app/ puts it there.

import { createContext, type ReactNode } from "react";

export interface CategorySlots {
  /** Beside the name of a column that may be edited. */
  column?(column: string): ReactNode;
  /** Beside a category of such a column; null: the cells without one. */
  category?(column: string, value: string | null): ReactNode;
}

export const CategorySlotsContext = createContext<CategorySlots>({});
