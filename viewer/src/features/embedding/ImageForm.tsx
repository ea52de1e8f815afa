import { imageOf } from "../../state/images";
import { embeddingOf } from "../../state/selectors";
import type { TissueImage } from "../../state/viewer";
import { Late } from "../../ui/Late";
import { Problem } from "../../ui/Problem";
import { Slider } from "../../ui/Slider";
import { TickBox } from "../../ui/TickBox";
import { useApp, useView, useViewer } from "../useViewer";
import styles from "./pointsMenu.module.css";

const NONE: TissueImage[] = [];

/** The tissue image beneath the first embedding, where there is one. */
export function ImageForm() {
  const viewer = useViewer();
  const look = useView((view) => view.image);
  const image = useApp((state) => imageOf(state, embeddingOf(state)));
  const all = useApp((state) => state.dataset?.images[embeddingOf(state) ?? ""] ?? NONE);
  const status = useApp((state) => (image ? state.images[image.name] : undefined));
  if (!image) return null;
  const set = (changes: Partial<typeof look>) => viewer.do({ type: "setImage", changes });
  return (
    <div className={styles.section}>
      <TickBox
        label="Tissue image"
        state={look.shown ? "all" : "none"}
        onChange={() => set({ shown: !look.shown })}
      >
        <span>Tissue image{status === "loading" && <Late> (loading…)</Late>}</span>
      </TickBox>
      {typeof status === "object" && (
        <Problem message={status.error} onRetry={() => viewer.images.retry(image.name)} />
      )}
      {all.length > 1 && (
        <label className={styles.choice}>
          <span>Which</span>
          <select value={image.name} onChange={(event) => set({ name: event.target.value })}>
            {all.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
      )}
      <Slider
        label="Opacity of the image"
        value={Math.round(100 * look.opacity)}
        min={0}
        max={100}
        step={5}
        text={`${Math.round(100 * look.opacity)} %`}
        isDisabled={!look.shown}
        onChange={(percent) => set({ opacity: percent / 100 })}
      />
    </div>
  );
}
