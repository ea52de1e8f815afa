import { useMemo } from "react";
import type { Annotations, AnnotationsState, TermDoc } from "../../state/annotations";
import { type Asked, useAsked } from "../useAsked";
import { useApp, useCounts, useViewer } from "../useViewer";

/** What annotations can be made and changed with; null where nobody may, or not yet. */
export function useAnnotations(): Annotations | null {
  const ready = useApp(({ annotations }) => annotations.status !== "off" && annotations.status !== "loading");
  const { annotations } = useViewer();
  return ready ? annotations : null;
}

export function useAnnotationsState(): AnnotationsState {
  return useApp((state) => state.annotations);
}

/** The names of all annotations; renders again after each edit. */
export function useColumnNames(): string[] {
  useApp((state) => state.version.edits);
  return useAnnotations()?.names() ?? [];
}

/** How many cells are selected: what a label would be given to. */
export function useSelected(): number {
  useCounts();
  return useApp((state) => state.tally.selected);
}

// Of a server there is one list, however many forms ask for it.
const asked = new WeakMap<Annotations, Promise<TermDoc[]>>();

/** The ontology's terms that the server has, if any; loaded when a form first wants them. */
export function useTerms(): Asked<TermDoc[]> {
  const annotations = useAnnotations();
  const ask = useMemo(() => annotations && (() => termsOf(annotations)), [annotations]);
  return useAsked(ask);
}

function termsOf(annotations: Annotations): Promise<TermDoc[]> {
  const loading = asked.get(annotations) ?? annotations.terms();
  asked.set(annotations, loading);
  loading.catch(() => asked.delete(annotations)); // the next who asks tries again
  return loading;
}
