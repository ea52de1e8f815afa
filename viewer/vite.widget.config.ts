import { defineConfig } from "vite";

// The loader that anywidget runs in the notebook page: one small ES module, no dependencies.
export default defineConfig({
  build: {
    outDir: "../jupyter_cxg/static/widget",
    emptyOutDir: true,
    target: "es2022",
    lib: { entry: "src/bridge/widget-end.ts", formats: ["es"], fileName: () => "widget.js" },
    // Vite leaves the white space of ES libraries; this one travels with every widget.
    rollupOptions: { output: { minify: true } },
  },
});
