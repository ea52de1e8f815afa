import { defineConfig } from "vite";

// The page of bench/pan.py: measured, never shipped.
export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  build: { outDir: "../../build/pan", emptyOutDir: true, target: "es2022" },
  worker: { format: "iife" },
});
