import { LabIcon } from "@jupyterlab/ui-components";

// Cells of an embedding; jp-icon3 follows the theme, jp-icon-selectable a chosen row.
const SVG = `<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 24 24">
  <g class="jp-icon3 jp-icon-selectable" fill="#616161">
    <circle cx="6" cy="8" r="2.6"/><circle cx="11.2" cy="5.2" r="1.9"/><circle cx="10.6" cy="10.4" r="2.2"/>
    <circle cx="5.4" cy="13.6" r="1.6"/><circle cx="17.6" cy="9.4" r="1.7"/><circle cx="19.2" cy="14" r="2.4"/>
    <circle cx="14.4" cy="14.6" r="1.9"/><circle cx="16.2" cy="19" r="2.4"/><circle cx="10.6" cy="17.8" r="1.5"/>
  </g>
</svg>`;

export const viewerIcon = new LabIcon({ name: "jupyter-cxg:viewer", svgstr: SVG });
