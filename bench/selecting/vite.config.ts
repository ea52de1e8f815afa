import { defineConfig } from "vite";

// The page of bench/selecting.py: measured, never shipped.
export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  build: { outDir: "../../build/selecting", emptyOutDir: true, target: "es2022" },
  worker: { format: "iife" },
});
