// What a view from elsewhere loses here, as it is told: at once, if it is an older view of newer data.

export interface Told {
  message: string;
  details?: string[];
}

/** `madeOn` and `now` are revisions of the dataset; null: not known. */
export function leftOut(problems: string[], madeOn: number | null, now: number): Told[] {
  if (problems.length === 0) return [];
  if (madeOn === null || madeOn === now) return problems.map((message) => ({ message }));
  const message =
    `This view was made on revision ${madeOn} of the data, which is at revision ${now} now. ` +
    "What no longer applies was left out:";
  return [{ message, details: problems }];
}
