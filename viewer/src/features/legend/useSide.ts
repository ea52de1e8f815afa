import { type RefObject, useLayoutEffect, useState } from "react";
import { layoutKey } from "../../data/keys";
import { HOME_CAMERA, projection } from "../../lib/camera";
import { emptierSide, type Side } from "../../lib/corner";
import { embeddingOf } from "../../state/selectors";
import { useApp, useColumn } from "../useViewer";

/**
 * On which side something at the foot of the plot covers fewer points, seen from the home camera: it stays
 * where it is while one moves about.
 */
export function useSide(box: RefObject<HTMLElement | null>): Side {
  const name = useApp(embeddingOf);
  const { column } = useColumn(name === null ? null : layoutKey(name));
  const [side, setSide] = useState<Side>("left");

  useLayoutEffect(() => {
    const element = box.current;
    const plot = element?.offsetParent;
    if (!element || !plot || column?.kind !== "embedding") return;
    const place = (): void => {
      const size = { width: plot.clientWidth, height: plot.clientHeight };
      const home = projection(HOME_CAMERA, size.width, size.height);
      const own = { width: element.offsetWidth, height: element.offsetHeight };
      setSide(emptierSide(column.x, column.y, home, size, own));
    };
    const observer = new ResizeObserver(place);
    observer.observe(plot);
    place();
    return () => observer.disconnect();
  }, [box, column]);

  return side;
}
