import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// The page's bundle. The server writes the page itself (jupyter_cxg/server/page.py) from the manifest.
export default defineConfig({
  base: "./",
  plugins: [react()],
  build: {
    outDir: "../jupyter_cxg/static/viewer",
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2022",
    modulePreload: { polyfill: false },
    rollupOptions: { input: "src/main.tsx" },
  },
  worker: { format: "iife" },
});
