import { OPACITIES, POINT_SIZES } from "../../state/panels";
import { TextButton } from "../../ui/Button";
import { Slider } from "../../ui/Slider";
import { ClipForm } from "../selecting/ClipForm";
import { HoverColumns } from "../selecting/HoverColumns";
import { useView, useViewer } from "../useViewer";
import { GraphicsNote } from "./GraphicsNote";
import { ImageForm } from "./ImageForm";

const [SMALLEST, LARGEST] = [Math.log2(POINT_SIZES.min), Math.log2(POINT_SIZES.max)];

/** Size and opacity of the points; the middle of the size is what suits their number. */
export default function PointsForm() {
  const viewer = useViewer();
  const size = useView((view) => view.pointSize);
  const opacity = useView((view) => view.opacity);
  return (
    <>
      <Slider
        label="Point size"
        value={Math.log2(size)}
        min={SMALLEST}
        max={LARGEST}
        step={0.125}
        text={size === 1 ? "automatic" : `× ${Number(size.toPrecision(2))}`}
        onChange={(power) => viewer.do({ type: "setPoints", size: 2 ** power })}
      />
      <Slider
        label="Opacity"
        value={Math.round(100 * opacity)}
        min={100 * OPACITIES.min}
        max={100 * OPACITIES.max}
        step={5}
        text={`${Math.round(100 * opacity)} %`}
        onChange={(percent) => viewer.do({ type: "setPoints", opacity: percent / 100 })}
      />
      {(size !== 1 || opacity !== 1) && (
        <TextButton look="link" onPress={() => viewer.do({ type: "setPoints", size: 1, opacity: 1 })}>
          As at first
        </TextButton>
      )}
      <ImageForm />
      <ClipForm />
      <HoverColumns />
      <GraphicsNote />
    </>
  );
}
