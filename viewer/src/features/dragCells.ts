// What is dragged into a group: a category's row, or the selection.

export const DRAG_TYPE = "application/x-cxg-cells";

export type Dragged = { kind: "category"; column: string; value: string | null } | { kind: "selection" };

export function startDrag(transfer: DataTransfer, dragged: Dragged): void {
  transfer.effectAllowed = "copy";
  transfer.setData(DRAG_TYPE, JSON.stringify(dragged));
}

export function draggedFrom(transfer: DataTransfer): Dragged | null {
  try {
    const found = JSON.parse(transfer.getData(DRAG_TYPE)) as Dragged;
    return found.kind === "selection" || found.kind === "category" ? found : null;
  } catch {
    return null; // something else was dropped
  }
}
